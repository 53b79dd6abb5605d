package io.tradeenrichment.codec;

import io.tradeenrichment.model.Reason;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Finds the reader for a pair of schemas by Avro's rules of schema resolution (Avro specification, "Schema Resolution"),
 * and by what both say about units. What the rules forbid fails when a record holds it, not before.
 */
final class SchemaResolver {
    private static final int NOT_THERE = -1;

    private final List<Conversion> conversions = new ArrayList<>();

    /**
     * How records of one schema are read as another's.
     *
     * @param conversions what becomes of each value, in the order of the job's schema
     */
    record Resolved(ValueReader reader, List<Conversion> conversions) {}

    /**
     * What becomes of one value.
     *
     * @param written the writer's unit, for sentences
     * @param effect equal where two schemas of the same types are read alike
     */
    record Conversion(String path, String written, String effect) {}

    private SchemaResolver() {}

    /** @throws DecodeException with {@link Reason#INCOMPATIBLE_SCHEMA} for a unit that is not understood or cannot be converted */
    static Resolved resolve(Schema writers, Schema readers) throws DecodeException {
        var resolver = new SchemaResolver();
        ValueReader reader = resolver.record(readers.getName(), writers, readers);
        return new Resolved(reader, List.copyOf(resolver.conversions));
    }

    static DecodeException incompatible(String sentence) {
        return new DecodeException(Reason.INCOMPATIBLE_SCHEMA, sentence);
    }

    /** A type, and the field that it belongs to, if it is a field's type or a branch of its union. */
    private record Typed(Schema.@Nullable Field field, Schema schema) {
        Typed branch(Schema branch) {
            return new Typed(field, branch);
        }

        Unit unit() {
            return UnitAnnotations.of(field, schema);
        }
    }

    private ValueReader record(String path, Schema writers, Schema readers) throws DecodeException {
        List<RecordReader.Field> fields = new ArrayList<>();
        String failure = null;
        for (Schema.Field read : readers.getFields()) {
            Schema.Field written = writtenField(writers, readers, read);
            if (written == null && !read.hasDefaultValue()) {
                failure = failure == null
                        ? path + "." + read.name() + " is not in the writer's schema, and has no default"
                        : failure;
            } else if (written == null) {
                fields.add(RecordReader.Field.absent(TypeRules.encodedDefault(read)));
            } else {
                ValueReader reader = value(
                        path + "." + read.name(), new Typed(written, written.schema()), new Typed(read, read.schema()));
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

    /** The field of this name, or else of one of its aliases; null if the writer has none. */
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

    private ValueReader value(String path, Typed written, Typed read) throws DecodeException {
        if (written.schema().isUnion()) {
            return union(path, written, read);
        }
        if (!read.schema().isUnion()) {
            return single(path, written, read);
        }
        List<Schema> branches = read.schema().getTypes();
        int index = branch(path, written, read);
        return index == NOT_THERE
                ? TypeRules.mismatch(path, written.schema(), read.schema())
                : new UnionReader.Branch(index, single(path, written, read.branch(branches.get(index))));
    }

    private ValueReader union(String path, Typed written, Typed read) throws DecodeException {
        List<Schema> types = written.schema().getTypes();
        ValueReader[] branches = new ValueReader[types.size()];
        boolean asTheyAre = read.schema().isUnion() && read.schema().getTypes().size() == branches.length;
        for (int i = 0; i < branches.length; i++) {
            branches[i] = value(path, written.branch(types.get(i)), read);
            asTheyAre = asTheyAre && branches[i] instanceof UnionReader.Branch branch && branch.isAt(i);
        }
        return new UnionReader(path, branches, asTheyAre);
    }

    /** As Avro for Java looks for the branch: the type itself, then one it can be promoted to, then by unit. */
    private int branch(String path, Typed written, Typed read) {
        List<Schema> branches = read.schema().getTypes();
        int sameStructure = NOT_THERE;
        for (int i = 0; i < branches.size(); i++) {
            if (branches.get(i).getType() == written.schema().getType()) {
                if (isCalled(written.schema(), branches.get(i))) {
                    return i;
                }
                if (sameStructure == NOT_THERE && hasStructure(path, written.schema(), branches.get(i))) {
                    sameStructure = i;
                }
            }
        }
        if (sameStructure != NOT_THERE) {
            return sameStructure;
        }
        for (int i = 0; i < branches.size(); i++) {
            if (TypeRules.promoted(written.schema(), branches.get(i)) != null) {
                return i;
            }
        }
        for (int i = 0; i < branches.size(); i++) {
            if (isConverted(path, written, read.branch(branches.get(i)))) {
                return i;
            }
        }
        return NOT_THERE;
    }

    private static boolean isCalled(Schema writers, Schema readers) {
        return switch (writers.getType()) {
            case RECORD, ENUM, FIXED -> TypeRules.hasNameOf(writers, readers);
            default -> true;
        };
    }

    private static boolean hasStructure(String path, Schema writers, Schema readers) {
        try {
            return writers.getType() == Schema.Type.RECORD
                    && new SchemaResolver().record(path, writers, readers).failure() == null;
        } catch (DecodeException otherUnits) {
            return false;
        }
    }

    private static boolean isConverted(String path, Typed written, Typed read) {
        try {
            return conversion(path, written, read).reader() != null;
        } catch (DecodeException notByUnit) {
            return false;
        }
    }

    private ValueReader single(String path, Typed written, Typed read) throws DecodeException {
        ValueReader reader = written.schema().getType() == Schema.Type.NULL
                ? null
                : conversion(path, written, read).reader();
        if (reader == null) {
            reader = byType(path, written.schema(), read.schema());
        }
        if (read.schema().getType() != Schema.Type.NULL && written.schema().getType() != Schema.Type.NULL) {
            conversions.add(new Conversion(path, written.unit().title(), reader.title()));
        }
        return reader;
    }

    private static UnitConversion conversion(String path, Typed written, Typed read) {
        return new UnitConversion(path, written.schema(), written.unit(), read.schema(), read.unit());
    }

    private ValueReader byType(String path, Schema writers, Schema readers) throws DecodeException {
        if (writers.getType() != readers.getType()) {
            ValueReader promoted = TypeRules.promoted(writers, readers);
            return promoted == null ? TypeRules.mismatch(path, writers, readers) : promoted;
        }
        return switch (writers.getType()) {
            case RECORD -> record(path, writers, readers);
            case ARRAY ->
                new BlocksReader(
                        false,
                        value(
                                path,
                                new Typed(null, writers.getElementType()),
                                new Typed(null, readers.getElementType())));
            case MAP ->
                new BlocksReader(
                        true,
                        value(path, new Typed(null, writers.getValueType()), new Typed(null, readers.getValueType())));
            case ENUM ->
                TypeRules.hasNameOf(writers, readers)
                        ? new EnumReader(path, writers, readers)
                        : TypeRules.mismatch(path, writers, readers);
            case FIXED ->
                TypeRules.hasNameOf(writers, readers) && writers.getFixedSize() == readers.getFixedSize()
                        ? CopyingReader.of(writers)
                        : TypeRules.mismatch(path, writers, readers);
            default -> CopyingReader.of(writers);
        };
    }
}
