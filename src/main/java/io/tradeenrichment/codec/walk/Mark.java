package io.tradeenrichment.codec.walk;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value that is wanted from a datum.
 *
 * @param path the names of nested fields, from the record's root. All but the last are records or unions of null and a
 *     record
 * @param kind what is wanted of the last field
 */
public record Mark(List<String> path, Kind kind) {
    /** What is wanted of a field. */
    public enum Kind {
        /** The number in an int, a long or an enum; of other types, the span of the encoded value. */
        VALUE,
        /** The span of the encoded field; for a union, with its branch. */
        FIELD
    }

    /** The value of a field. If the field is a union with null, the value of the other branch. */
    public static Mark value(List<String> path) {
        return new Mark(path, Kind.VALUE);
    }

    /** The whole field. */
    public static Mark field(List<String> path) {
        return new Mark(path, Kind.FIELD);
    }

    public Mark {
        path = List.copyOf(path);
    }

    /** A mark that has its slot, and the names of the path that remain. */
    record Slot(int number, List<String> rest, Kind kind) {
        static List<Slot> all(List<Mark> marks) {
            List<Slot> slots = new ArrayList<>();
            for (Mark mark : marks) {
                slots.add(new Slot(slots.size(), mark.path, mark.kind));
            }
            return slots;
        }

        /** The mark of the value itself. */
        static @Nullable Slot here(List<Slot> slots, Kind kind) {
            return slots.stream()
                    .filter(slot -> slot.rest.isEmpty() && slot.kind == kind)
                    .findFirst()
                    .orElse(null);
        }

        static List<Slot> without(List<Slot> slots, Slot one) {
            return slots.stream().filter(slot -> slot.number != one.number).toList();
        }

        /** Those that lead through the field. */
        static List<Slot> within(List<Slot> slots, String field) {
            return slots.stream()
                    .filter(slot -> !slot.rest.isEmpty() && slot.rest.get(0).equals(field))
                    .map(slot -> new Slot(slot.number, slot.rest.subList(1, slot.rest.size()), slot.kind))
                    .toList();
        }
    }
}
