package io.tradeenrichment.codec.resolution;

import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.binary.ValueSkipper;
import io.tradeenrichment.codec.unit.Unit;
import io.tradeenrichment.codec.unit.UnitAnnotations;
import io.tradeenrichment.model.Reason;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Builds the reader for a pair of schemas by Avro's rules (Avro specification, "Schema Resolution") and by the units of
 * both. A value that the rules forbid fails when a record contains it, not before.
 */
final class SchemaResolver {
    private static final int NOT_FOUND = -1;

    private final List<Conversion> conversions = new ArrayList<>();

    /** @param conversions one per value, in the order of the job's schema */
    record Resolved(ValueReader reader, List<Conversion> conversions) {}

    /**
     * How one value is converted.
     *
     * @param unit the writer's unit, for sentences
     * @param conversion equal for two schemas of the same types if both are read alike
     */
    record Conversion(String path, String unit, String conversion) {}

    /** By writer's and job's type: the readers of the records that are being resolved, for types that contain themselves. */
    private final Map<Schema, Map<Schema, RecursiveReader>> open;

    private SchemaResolver(Map<Schema, Map<Schema, RecursiveReader>> open) {
        this.open = open;
    }

    /** @throws DecodeException with {@link Reason#INCOMPATIBLE_SCHEMA} if a unit is unknown or cannot be converted */
    static Resolved resolve(Schema writers, Schema readers) throws DecodeException {
        var resolver = new SchemaResolver(new IdentityHashMap<>());
        ValueReader reader = resolver.record(readers.getName(), writers, readers);
        return new Resolved(reader, List.copyOf(resolver.conversions));
    }

    static DecodeException incompatible(String sentence) {
        return new DecodeException(Reason.INCOMPATIBLE_SCHEMA, sentence);
    }

    /** A type and, if it is the type of a field or a branch of the field's union, that field. */
    private record FieldType(Schema.@Nullable Field field, Schema schema) {
        static FieldType of(Schema.Field field) {
            return new FieldType(field, field.schema());
        }

        FieldType branch(Schema branch) {
            return new FieldType(field, branch);
        }

        Unit unit() {
            return UnitAnnotations.of(field, schema);
        }
    }

    private ValueReader record(String path, Schema writers, Schema readers) throws DecodeException {
        Map<Schema, RecursiveReader> ofWriter = open.computeIfAbsent(writers, schema -> new IdentityHashMap<>());
        RecursiveReader inside = ofWriter.get(readers);
        if (inside != null) {
            return inside;
        }
        inside = new RecursiveReader();
        ofWriter.put(readers, inside);
        try {
            ValueReader reader = fields(path, writers, readers);
            inside.bind(reader);
            return reader;
        } finally {
            ofWriter.remove(readers);
        }
    }

    private ValueReader fields(String path, Schema writers, Schema readers) throws DecodeException {
        List<RecordReader.Field> fields = new ArrayList<>();
        String failure = null;
        for (Schema.Field read : readers.getFields()) {
            Schema.Field written = writtenField(writers, readers, read);
            if (written == null && !read.hasDefaultValue()) {
                failure = failure == null
                        ? path + "." + read.name() + " is not in the writer's schema, and has no default"
                        : failure;
            } else if (written == null) {
                fields.add(RecordReader.Field.absent(read));
            } else {
                ValueReader reader = value(path + "." + read.name(), FieldType.of(written), FieldType.of(read));
                failure = failure == null ? reader.failure() : failure;
                fields.add(new RecordReader.Field(written.pos(), reader));
            }
        }
        return failure == null
                ? new RecordReader(
                        writers.getFields().stream()
                                .map(field -> ValueSkipper.of(field.schema()))
                                .toList(),
                        fields)
                : new FailingReader(failure);
    }

    /** The writer's field of the same name or of one of the aliases; null if there is none. */
    private static Schema.@Nullable Field writtenField(Schema writers, Schema readers, Schema.Field read)
            throws DecodeException {
        Schema.Field found = writers.getField(read.name());
        for (String alias : read.aliases()) {
            Schema.Field aliased = readers.getField(alias) == null ? writers.getField(alias) : null;
            if (aliased != null && found != null) {
                throw incompatible("the writer's " + found.name() + " and its " + aliased.name()
                        + " would both be read as " + readers.getName() + "." + read.name());
            }
            found = aliased == null ? found : aliased;
        }
        return found;
    }

    private ValueReader value(String path, FieldType written, FieldType read) throws DecodeException {
        if (written.schema().isUnion()) {
            return union(path, written, read);
        }
        if (!read.schema().isUnion()) {
            return single(path, written, read);
        }
        List<Schema> branches = read.schema().getTypes();
        int index = branch(path, written, read);
        return index == NOT_FOUND
                ? FailingReader.ofMismatch(path, written.schema(), read.schema())
                : new UnionReader.Branch(index, single(path, written, read.branch(branches.get(index))));
    }

    private ValueReader union(String path, FieldType written, FieldType read) throws DecodeException {
        List<Schema> types = written.schema().getTypes();
        ValueReader[] branches = new ValueReader[types.size()];
        boolean identity = read.schema().isUnion() && read.schema().getTypes().size() == branches.length;
        for (int i = 0; i < branches.length; i++) {
            branches[i] = value(path, written.branch(types.get(i)), read);
            identity = identity && branches[i] instanceof UnionReader.Branch branch && branch.isIdentityAt(i);
        }
        return new UnionReader(path, branches, identity);
    }

    /** Searches in the order of Avro for Java: the same type, then a promotion; last, a branch that the unit fits. */
    private int branch(String path, FieldType written, FieldType read) {
        List<Schema> branches = read.schema().getTypes();
        int sameStructure = NOT_FOUND;
        for (int i = 0; i < branches.size(); i++) {
            if (branches.get(i).getType() == written.schema().getType()) {
                if (!isNamed(written.schema()) || hasSameName(written.schema(), branches.get(i))) {
                    return i;
                }
                if (sameStructure == NOT_FOUND && hasSameStructure(path, written.schema(), branches.get(i))) {
                    sameStructure = i;
                }
            }
        }
        if (sameStructure != NOT_FOUND) {
            return sameStructure;
        }
        for (int i = 0; i < branches.size(); i++) {
            if (TypePromotion.reader(written.schema(), branches.get(i)) != null) {
                return i;
            }
        }
        for (int i = 0; i < branches.size(); i++) {
            if (isConvertible(path, written, read.branch(branches.get(i)))) {
                return i;
            }
        }
        return NOT_FOUND;
    }

    private static boolean isNamed(Schema schema) {
        return switch (schema.getType()) {
            case RECORD, ENUM, FIXED -> true;
            default -> false;
        };
    }

    /** Compares the unqualified names, as the specification does, or an alias of the job's type. */
    private static boolean hasSameName(Schema writers, Schema readers) {
        return writers.getName().equals(readers.getName())
                || readers.getAliases().contains(writers.getFullName());
    }

    private boolean hasSameStructure(String path, Schema writers, Schema readers) {
        try {
            return writers.getType() == Schema.Type.RECORD
                    && new SchemaResolver(open).record(path, writers, readers).failure() == null;
        } catch (DecodeException otherUnits) {
            return false;
        }
    }

    private static boolean isConvertible(String path, FieldType written, FieldType read) {
        try {
            return unitConversion(path, written, read).reader() != null;
        } catch (DecodeException otherUnits) {
            return false;
        }
    }

    private ValueReader single(String path, FieldType written, FieldType read) throws DecodeException {
        ValueReader reader = written.schema().getType() == Schema.Type.NULL
                ? null
                : unitConversion(path, written, read).reader();
        if (reader == null) {
            reader = byType(path, written.schema(), read.schema());
        }
        if (read.schema().getType() != Schema.Type.NULL && written.schema().getType() != Schema.Type.NULL) {
            conversions.add(new Conversion(path, written.unit().title(), reader.conversion()));
        }
        return reader;
    }

    private static UnitConversion unitConversion(String path, FieldType written, FieldType read) {
        return new UnitConversion(path, written.schema(), written.unit(), read.schema(), read.unit());
    }

    private ValueReader byType(String path, Schema writers, Schema readers) throws DecodeException {
        if (writers.getType() != readers.getType()) {
            ValueReader promoted = TypePromotion.reader(writers, readers);
            return promoted == null ? FailingReader.ofMismatch(path, writers, readers) : promoted;
        }
        return switch (writers.getType()) {
            case RECORD -> record(path, writers, readers);
            case ARRAY -> new CollectionReader(false, item(path, writers.getElementType(), readers.getElementType()));
            case MAP -> new CollectionReader(true, item(path, writers.getValueType(), readers.getValueType()));
            case ENUM ->
                hasSameName(writers, readers)
                        ? new EnumReader(path, writers, readers)
                        : FailingReader.ofMismatch(path, writers, readers);
            case FIXED ->
                hasSameName(writers, readers) && writers.getFixedSize() == readers.getFixedSize()
                        ? CopyingReader.of(writers)
                        : FailingReader.ofMismatch(path, writers, readers);
            default -> CopyingReader.of(writers);
        };
    }

    private ValueReader item(String path, Schema writers, Schema readers) throws DecodeException {
        return value(path, new FieldType(null, writers), new FieldType(null, readers));
    }
}
