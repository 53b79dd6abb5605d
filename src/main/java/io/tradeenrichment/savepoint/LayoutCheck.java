package io.tradeenrichment.savepoint;

import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot.BackendStateType;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot.CommonSerializerKeys;
import org.jspecify.annotations.Nullable;

/** Checks whether an operator's saved state can be restored as this job declares it, by Flink's rules. */
final class LayoutCheck {
    private final String operator;
    private final StateLayout saved;
    private final StateLayout declared;
    private final Findings findings;

    /** @param operator for sentences */
    LayoutCheck(String operator, StateLayout saved, StateLayout declared, Findings findings) {
        this.operator = operator;
        this.saved = saved;
        this.declared = declared;
        this.findings = findings;
    }

    void run() {
        if (saved.keys() != null && declared.keys() != null && !isAsIs(resolve(declared.keys(), saved.keys()))) {
            findings.problem(
                    operator,
                    "the keys of its state were written by " + writer(saved.keys())
                            + ", and Flink cannot migrate keys; start a build with the same type of keys.");
        }
        saved.states().forEach(this::check);
        declared.states().forEach((name, state) -> {
            if (!saved.states().containsKey(name)) {
                findings.warning(operator, "the savepoint has no state '" + name + "'; it starts empty.");
            }
        });
    }

    private void check(String name, StateMetaInfoSnapshot state) {
        StateMetaInfoSnapshot ours = declared.states().get(name);
        if (ours != null) {
            check(name, state, ours);
        } else if (state.getBackendStateType() != BackendStateType.PRIORITY_QUEUE) {
            // Flink declares the timer queues itself.
            findings.warning(
                    operator,
                    "this job does not use its saved state '" + name + "'; later savepoints still contain it.");
        }
    }

    private void check(String name, StateMetaInfoSnapshot state, StateMetaInfoSnapshot ours) {
        if (ours.getBackendStateType() != state.getBackendStateType()
                || !ours.getOptionsImmutable().equals(state.getOptionsImmutable())) {
            findings.problem(
                    operator,
                    "its state '" + name + "' was saved as " + kind(state) + ", but is " + kind(ours)
                            + " in this job; start a build that declares it as it was saved.");
            return;
        }
        boolean migrated = false;
        for (Map.Entry<String, TypeSerializerSnapshot<?>> part :
                ours.getSerializerSnapshotsImmutable().entrySet()) {
            TypeSerializerSnapshot<?> old = state.getTypeSerializerSnapshot(part.getKey());
            var compatibility = resolve(part.getValue(), old);
            boolean fixed = part.getKey().equals(CommonSerializerKeys.NAMESPACE_SERIALIZER.toString());
            if (compatibility.isIncompatible() || (fixed && !isAsIs(compatibility))) {
                findings.problem(
                        operator,
                        "its state '" + name + "' was written by " + writer(old)
                                + ", which this job cannot read as " + writer(part.getValue())
                                + "; start a build that can, or start without this savepoint.");
                return;
            }
            migrated |= compatibility.isCompatibleAfterMigration();
        }
        if (migrated) {
            findings.warning(
                    operator,
                    "this job writes its state '" + name + "' in a new layout; an older build can be restored"
                            + " from this savepoint, but not from later ones.");
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // both belong to the same state
    private static TypeSerializerSchemaCompatibility<?> resolve(
            TypeSerializerSnapshot<?> ours, @Nullable TypeSerializerSnapshot<?> old) {
        return old == null
                ? TypeSerializerSchemaCompatibility.incompatible()
                : ((TypeSerializerSnapshot) ours).resolveSchemaCompatibility(old);
    }

    private static boolean isAsIs(TypeSerializerSchemaCompatibility<?> compatibility) {
        return compatibility.isCompatibleAsIs() || compatibility.isCompatibleWithReconfiguredSerializer();
    }

    private static String kind(StateMetaInfoSnapshot state) {
        return state.getBackendStateType() + " " + new TreeMap<>(state.getOptionsImmutable());
    }

    private static String writer(@Nullable TypeSerializerSnapshot<?> snapshot) {
        if (snapshot == null) {
            return "nothing";
        }
        Class<?> type = snapshot.getClass();
        return type.getName().substring(type.getPackageName().length() + 1).replace('$', '.');
    }
}
