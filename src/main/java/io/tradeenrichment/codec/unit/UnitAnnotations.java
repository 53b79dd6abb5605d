package io.tradeenrichment.codec.unit;

import io.tradeenrichment.codec.binary.QuotedText;
import io.tradeenrichment.codec.unit.Unit.Zone;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Determines the unit of a value from the properties of its type and its field, as Avro, Kafka Connect, Debezium, Iceberg,
 * Sqoop and others write them. Avro's {@link Schema#getLogicalType} is not enough: it ignores properties of the field and
 * logical types that are invalid or unknown, whose values would then be read as plain numbers.
 */
public final class UnitAnnotations {
    /** Limits the powers of ten that a schema can make the job compute. */
    private static final int MAX_SCALE = 400;

    private final Schema schema;
    private final List<Unit> units = new ArrayList<>();
    /** Properties that imply a unit but do not name it. */
    private final List<String> hints = new ArrayList<>();

    private final Set<Integer> scales = new TreeSet<>();
    private final Set<Integer> precisions = new TreeSet<>();
    private boolean avroDecimal;
    private boolean connectDecimal;
    private @Nullable Boolean utc;

    private UnitAnnotations(Schema schema) {
        this.schema = schema;
    }

    /**
     * @param field the field of the value, if it has one
     * @param schema the type of the value; for a union, the type of one branch
     */
    public static Unit of(Schema.@Nullable Field field, Schema schema) {
        var annotations = new UnitAnnotations(schema);
        annotations.add(schema);
        if (field != null) {
            annotations.add(field);
        }
        return annotations.unit();
    }

    private void add(JsonProperties annotated) {
        annotated.getObjectProps().forEach(this::add);
    }

    /** Compares only the letters of keys, so that {@code logical_type} is recognized too. */
    private void add(String key, Object value) {
        if (value == JsonProperties.NULL_VALUE) {
            return;
        }
        String letters = key.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
        switch (letters) {
            case "logicaltype" -> addLogicalType(key, value);
            case "connectname" -> addConnectName(key, value);
            default -> {
                if (isPrimitive()) {
                    addToPrimitive(letters, key, value);
                }
            }
        }
    }

    /** Records, enums and collections have no units, but some of the same properties. */
    private boolean isPrimitive() {
        return switch (schema.getType()) {
            case INT, LONG, FLOAT, DOUBLE, BYTES, FIXED, STRING -> true;
            default -> false;
        };
    }

    private void addToPrimitive(String letters, String key, Object value) {
        switch (letters) {
            case "connectparameters" -> addConnectParameters(value);
            case "scale" -> addNumber(scales, key, value);
            case "precision", "connectdecimalprecision" -> addNumber(precisions, key, value);
            case "adjusttoutc", "isadjustedtoutc" -> addAdjustment(key, value);
            case "sqltype" -> addHint(key, value, UnitNames.isPlainSqlType(lower(value)));
            case "javaclass" -> addHint(key, value, String.valueOf(value).startsWith("java.lang."));
            case "sparksqlcatalysttype" -> addHint(key, value, UnitNames.isPlainSqlType(lower(value)));
            case "timezone" -> {
                if (!Set.of("utc", "z", "etc/utc", "gmt").contains(lower(value))) {
                    units.add(unknown(key, value));
                }
            }
            case "unit", "units", "timeunit", "timeresolution", "customencoding" -> units.add(unknown(key, value));
            default -> {}
        }
    }

    private void addLogicalType(String key, Object value) {
        if (value.equals(UnitNames.AVRO_DECIMAL)) {
            avroDecimal = true;
        } else {
            Unit known = value instanceof String name ? UnitNames.ofAvro(name) : null;
            units.add(known == null ? unknown(key, value) : known);
        }
    }

    private void addConnectName(String key, Object value) {
        Unit known = value instanceof String name ? UnitNames.ofConnect(name) : null;
        if (value.equals(UnitNames.CONNECT_DECIMAL)) {
            connectDecimal = true;
        } else if (known != null) {
            units.add(known);
        } else if (isPrimitive() && schema.getType() != Schema.Type.FIXED) {
            // Of a record, an enum or a fixed, connect.name is the name of the type.
            units.add(unknown(key, value));
        }
    }

    private void addConnectParameters(Object value) {
        if (value instanceof Map<?, ?> parameters) {
            addParameter(scales, parameters, "scale");
            addParameter(precisions, parameters, "connect.decimal.precision");
        }
    }

    private void addParameter(Set<Integer> numbers, Map<?, ?> parameters, String name) {
        Object value = parameters.get(name);
        if (value != null) {
            addNumber(numbers, "connect.parameters." + name, value);
        }
    }

    private void addNumber(Set<Integer> numbers, String key, Object value) {
        try {
            numbers.add(Integer.valueOf(String.valueOf(value)));
        } catch (NumberFormatException e) {
            units.add(unknown(key, value));
        }
    }

    private void addAdjustment(String key, Object value) {
        if (!(value instanceof Boolean adjusted) || (utc != null && !utc.equals(adjusted))) {
            units.add(unknown(key, value));
        } else {
            utc = adjusted;
        }
    }

    private void addHint(String key, Object value, boolean plain) {
        if (!plain) {
            hints.add(quoted(key, value));
        }
    }

    private Unit unit() {
        if (avroDecimal || connectDecimal) {
            units.add(decimal());
        } else if (!scales.isEmpty() || !precisions.isEmpty()) {
            hints.add(scales.isEmpty() ? "the precision " + list(precisions) : "the scale " + list(scales));
        }
        for (Unit unit : units) {
            if (unit instanceof Unit.NotUnderstood) {
                return unit;
            }
        }
        if (units.isEmpty()) {
            return hints.isEmpty()
                    ? Unit.NONE
                    : notUnderstood(hints.get(0), "which implies a unit but does not name it");
        }
        Unit unit = units.get(0);
        for (Unit other : units.subList(1, units.size())) {
            Unit both = merged(unit, other);
            if (both == null) {
                return contradiction(unit.title() + " and " + other.title());
            }
            unit = both;
        }
        return checkType(adjusted(unit));
    }

    private Unit decimal() {
        if (scales.size() > 1 || precisions.size() > 1) {
            return contradiction(
                    scales.size() > 1
                            ? "a decimal of the scales " + list(scales)
                            : "a decimal of the precisions " + list(precisions));
        }
        Integer precision = precisions.isEmpty() ? null : precisions.iterator().next();
        if (connectDecimal ? scales.isEmpty() : precision == null) {
            return notUnderstood(
                    "a decimal without a " + (connectDecimal ? "scale" : "precision"), "which is not valid");
        }
        int scale = scales.isEmpty() ? 0 : scales.iterator().next();
        var decimal = new Unit.Decimal(precision == null ? Unit.Decimal.ANY_PRECISION : precision, scale);
        boolean valid = decimal.precision() > 0
                && Math.abs((long) scale) <= MAX_SCALE
                && (!avroDecimal || (scale >= 0 && scale <= decimal.precision()));
        return valid ? decimal : notUnderstood(decimal.title(), "which is not valid");
    }

    /** Null if they contradict each other. */
    private static @Nullable Unit merged(Unit one, Unit other) {
        if (one.equals(other)) {
            return one;
        }
        if (one instanceof Unit.Timestamp a
                && other instanceof Unit.Timestamp b
                && a.resolution() == b.resolution()
                && (a.zone() == Zone.AS_IF_UTC || b.zone() == Zone.AS_IF_UTC)) {
            return a.zone() == Zone.AS_IF_UTC ? b : a;
        }
        return null;
    }

    private Unit adjusted(Unit unit) {
        if (utc == null || !(unit instanceof Unit.Timestamp timestamp)) {
            return unit;
        }
        if (utc && timestamp.zone() == Zone.LOCAL) {
            return contradiction(unit.title() + " and adjusted to UTC");
        }
        return new Unit.Timestamp(timestamp.resolution(), utc ? Zone.UTC : Zone.LOCAL);
    }

    private Unit checkType(Unit unit) {
        Schema.Type type = schema.getType();
        boolean fits;
        if (unit instanceof Unit.Timestamp) {
            fits = type == Schema.Type.LONG;
        } else if (unit instanceof Unit.Date) {
            fits = type == Schema.Type.INT;
        } else if (unit instanceof Unit.Decimal) {
            fits = type == Schema.Type.BYTES || type == Schema.Type.FIXED;
        } else if (unit instanceof Unit.ZonedText) {
            fits = type == Schema.Type.STRING;
        } else {
            fits = true;
        }
        return fits ? unit : notUnderstood(unit.title() + " on the type " + type.getName(), "which is not valid");
    }

    private static String lower(Object value) {
        return String.valueOf(value).toLowerCase(Locale.ROOT);
    }

    private static String list(Set<Integer> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(" and "));
    }

    private static Unit unknown(String key, Object value) {
        return notUnderstood(quoted(key, value), "which the job does not understand");
    }

    private static Unit contradiction(String what) {
        return notUnderstood(what, "which contradict each other");
    }

    private static Unit notUnderstood(String what, String why) {
        return new Unit.NotUnderstood(what, why);
    }

    private static String quoted(String key, Object value) {
        return key + " " + QuotedText.of(value);
    }
}
