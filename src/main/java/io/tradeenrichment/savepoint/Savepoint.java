package io.tradeenrichment.savepoint;

import io.tradeenrichment.settings.Failures;
import io.tradeenrichment.settings.SettingsException;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.filesystem.AbstractFsCheckpointStorageAccess;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;

/** The metadata of a savepoint or a retained checkpoint whose files are complete. */
public final class Savepoint {
    private final String path;
    private final CheckpointMetadata metadata;

    private Savepoint(String path, CheckpointMetadata metadata) {
        this.path = path;
        this.metadata = metadata;
    }

    /**
     * Reads the metadata, and checks that all files exist in full length.
     *
     * @param key of the setting with the path, for the message
     * @throws SettingsException if there is no savepoint, or files are missing or truncated
     */
    public static Savepoint open(ConfigOption<String> key, String path) {
        try {
            Savepoint savepoint = new Savepoint(path, metadata(path));
            savepoint.checkFiles(key);
            return savepoint;
        } catch (IOException | IllegalArgumentException e) {
            if (e instanceof SettingsException damaged) {
                throw damaged;
            }
            throw new SettingsException(
                    key.key(), key.key() + ": no savepoint can be read at " + path + ": " + Failures.rootCause(e));
        }
    }

    private static CheckpointMetadata metadata(String path) throws IOException {
        var location = AbstractFsCheckpointStorageAccess.resolveCheckpointPointer(path);
        try (var in = new DataInputStream(location.getMetadataHandle().openInputStream())) {
            return Checkpoints.loadCheckpointMetadata(
                    in, Savepoint.class.getClassLoader(), location.getExternalPointer());
        }
    }

    private void checkFiles(ConfigOption<String> key) throws IOException {
        List<StreamStateHandle> files = new ArrayList<>();
        operators().forEach(operator -> files.addAll(StateFiles.of(operator)));
        List<Path> missing = new ArrayList<>();
        for (StreamStateHandle file : files) {
            Optional<Path> at = file.maybeGetPath();
            if (at.isPresent() && !isWhole(file, at.get())) {
                missing.add(at.get());
            }
        }
        if (!missing.isEmpty()) {
            throw new SettingsException(
                    key.key(),
                    key.key() + ": the savepoint at " + path + " is damaged: " + missing.size()
                            + " of its files are missing or truncated, such as " + missing.get(0)
                            + "; choose another savepoint");
        }
    }

    private static boolean isWhole(StreamStateHandle file, Path at) throws IOException {
        var system = at.getFileSystem();
        return system.exists(at)
                && (!(file instanceof FileStateHandle)
                        || system.getFileStatus(at).getLen() >= file.getStateSize());
    }

    public String path() {
        return path;
    }

    public long checkpoint() {
        return metadata.getCheckpointId();
    }

    /** The parallelism and the max parallelism of each operator, by uid and in the names of the report. */
    public Map<String, Map<String, Integer>> parallelisms() {
        Map<String, Map<String, Integer>> parallelisms = new TreeMap<>();
        for (OperatorState state : operators()) {
            Map<String, Integer> operator = new LinkedHashMap<>();
            operator.put("parallelism", state.getParallelism());
            operator.put("max_parallelism", state.getMaxParallelism());
            parallelisms.put(uidOf(state), operator);
        }
        return parallelisms;
    }

    Collection<OperatorState> operators() {
        return metadata.getOperatorStates();
    }

    /** The state of the operator with that uid. */
    Optional<OperatorState> operator(String uid) {
        return operators().stream().filter(state -> uidOf(state).equals(uid)).findFirst();
    }

    /** The name and the uid of the operator, for sentences. */
    static String nameOf(OperatorState state) {
        return state.getOperatorName().orElse("An operator") + " (" + uidOf(state) + ")";
    }

    /** The uid, or the operator id if the savepoint has no uid. */
    static String uidOf(OperatorState state) {
        return state.getOperatorUid().orElseGet(() -> state.getOperatorID().toString());
    }

    /** Whether Flink treats the operator as stateful. */
    static boolean hasState(OperatorState state) {
        return state.getCoordinatorState() != null
                || state.getStates().stream().anyMatch(subtask -> subtask.hasState());
    }
}
