package io.tradeenrichment.savepoint;

import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot.BackendStateType;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot.CommonSerializerKeys;
import org.jspecify.annotations.Nullable;

/** Holds an operator's saved state against what this job declares, by the rules by which Flink restores it. */
final class LayoutCheck {
    private final String operator;
    private final StateLayout saved;
    private final StateLayout declared;
    private final Findings findings;

    /** @param operator its name, for the sentences */
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
                            + ", and keys cannot be changed; start a build whose trades have the same kind of key.");
        }
        saved.states().forEach(this::check);
        declared.states().forEach((name, state) -> {
            if (!saved.states().containsKey(name)) {
                findings.warning(operator, "the savepoint has no state '" + name + "'; it begins empty.");
            }
        });
    }

    private void check(String name, StateMetaInfoSnapshot state) {
        StateMetaInfoSnapshot ours = declared.states().get(name);
        if (ours != null) {
            check(name, state, ours);
        } else if (state.getBackendStateType() != BackendStateType.PRIORITY_QUEUE) {
            // Flink declares the queues of timers by itself.
            findings.warning(
                    operator,
                    "its saved state '" + name + "' is none that this job uses; nobody reads it,"
                            + " and later savepoints carry it on.");
        }
    }

    private void check(String name, StateMetaInfoSnapshot state, StateMetaInfoSnapshot ours) {
        if (ours.getBackendStateType() != state.getBackendStateType()
                || !ours.getOptionsImmutable().equals(state.getOptionsImmutable())) {
            findings.problem(
                    operator,
                    "its state '" + name + "' was saved as " + kind(state) + ", but is " + kind(ours)
                            + " in this job; start a build in which it is what it was.");
            return;
        }
        boolean migrates = false;
        for (Map.Entry<String, TypeSerializerSnapshot<?>> part :
                ours.getSerializerSnapshotsImmutable().entrySet()) {
            TypeSerializerSnapshot<?> old = state.getTypeSerializerSnapshot(part.getKey());
            var verdict = resolve(part.getValue(), old);
            boolean fixed = part.getKey().equals(CommonSerializerKeys.NAMESPACE_SERIALIZER.toString());
            if (verdict.isIncompatible() || (fixed && !isAsIs(verdict))) {
                findings.problem(
                        operator,
                        "its state '" + name + "' was written by " + writer(old)
                                + ", which this job cannot read as " + writer(part.getValue())
                                + "; start a build that can, or without this savepoint.");
                return;
            }
            migrates |= verdict.isCompatibleAfterMigration();
        }
        if (migrates) {
            findings.warning(
                    operator,
                    "its state '" + name + "' is written in a new layout from now on; an older"
                            + " build can go back to this savepoint, but not read later ones.");
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // both are of the state of that name, and Flink resolves them so
    private static TypeSerializerSchemaCompatibility<?> resolve(
            TypeSerializerSnapshot<?> ours, @Nullable TypeSerializerSnapshot<?> old) {
        return old == null
                ? TypeSerializerSchemaCompatibility.incompatible()
                : ((TypeSerializerSnapshot) ours).resolveSchemaCompatibility(old);
    }

    private static boolean isAsIs(TypeSerializerSchemaCompatibility<?> verdict) {
        return verdict.isCompatibleAsIs() || verdict.isCompatibleWithReconfiguredSerializer();
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
