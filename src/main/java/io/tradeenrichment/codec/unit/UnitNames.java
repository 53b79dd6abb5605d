package io.tradeenrichment.codec.unit;

import io.tradeenrichment.codec.unit.Unit.Resolution;
import io.tradeenrichment.codec.unit.Unit.Zone;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The supported units by their names in Avro, Kafka Connect and Debezium. */
final class UnitNames {
    private static final Unit DATE = new Unit.Date();

    private static final Map<String, Unit> AVRO = Map.of(
            "timestamp-millis", new Unit.Timestamp(Resolution.MILLIS, Zone.UTC),
            "timestamp-micros", new Unit.Timestamp(Resolution.MICROS, Zone.UTC),
            "timestamp-nanos", new Unit.Timestamp(Resolution.NANOS, Zone.UTC),
            "local-timestamp-millis", new Unit.Timestamp(Resolution.MILLIS, Zone.LOCAL),
            "local-timestamp-micros", new Unit.Timestamp(Resolution.MICROS, Zone.LOCAL),
            "local-timestamp-nanos", new Unit.Timestamp(Resolution.NANOS, Zone.LOCAL),
            "date", DATE);

    private static final Map<String, Unit> CONNECT = Map.of(
            "org.apache.kafka.connect.data.Timestamp", new Unit.Timestamp(Resolution.MILLIS, Zone.UTC),
            "org.apache.kafka.connect.data.Date", DATE,
            "io.debezium.time.Timestamp", new Unit.Timestamp(Resolution.MILLIS, Zone.AS_IF_UTC),
            "io.debezium.time.MicroTimestamp", new Unit.Timestamp(Resolution.MICROS, Zone.AS_IF_UTC),
            "io.debezium.time.NanoTimestamp", new Unit.Timestamp(Resolution.NANOS, Zone.AS_IF_UTC),
            "io.debezium.time.ZonedTimestamp", new Unit.ZonedText(),
            "io.debezium.time.Date", DATE);

    static final String AVRO_DECIMAL = "decimal";
    static final String CONNECT_DECIMAL = "org.apache.kafka.connect.data.Decimal";

    /** SQL types without a unit: by name, or by number as in {@code java.sql.Types}. */
    private static final Set<String> PLAIN_SQL_TYPES = Set.of(
            "-7",
            "-6",
            "5",
            "4",
            "-5",
            "16",
            "1",
            "12",
            "-1",
            "-15",
            "-9",
            "-16",
            "2005",
            "2011",
            "bit",
            "boolean",
            "bool",
            "tinyint",
            "smallint",
            "int",
            "integer",
            "bigint",
            "int64",
            "char",
            "varchar",
            "longvarchar",
            "nchar",
            "nvarchar",
            "text",
            "string");

    private UnitNames() {}

    static @Nullable Unit ofAvro(String logicalType) {
        return AVRO.get(logicalType);
    }

    static @Nullable Unit ofConnect(String name) {
        return CONNECT.get(name);
    }

    static boolean isPlainSqlType(String type) {
        return PLAIN_SQL_TYPES.contains(type);
    }

    static Set<String> all() {
        Set<String> names = new TreeSet<>(Set.of(AVRO_DECIMAL, CONNECT_DECIMAL));
        names.addAll(AVRO.keySet());
        names.addAll(CONNECT.keySet());
        return names;
    }
}
