package io.tradeenrichment.savepoint;

import io.tradeenrichment.settings.Failures;
import io.tradeenrichment.settings.SettingsException;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.filesystem.AbstractFsCheckpointStorageAccess;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;

/** A savepoint or a retained checkpoint, as its metadata tells of it, with all of its files in their places. */
public final class Savepoint {
    private final String path;
    private final CheckpointMetadata metadata;

    private Savepoint(String path, CheckpointMetadata metadata) {
        this.path = path;
        this.metadata = metadata;
    }

    /**
     * Reads the metadata and looks whether the files are there; their contents are not read.
     *
     * @param key that names the path
     * @throws SettingsException if there is no savepoint, or if parts of it are gone
     */
    public static Savepoint open(ConfigOption<String> key, String path) {
        try {
            Savepoint savepoint = new Savepoint(path, metadata(path));
            savepoint.checkFiles(key);
            return savepoint;
        } catch (IOException | IllegalArgumentException e) {
            if (e instanceof SettingsException refused) {
                throw refused;
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
        List<Path> gone = new ArrayList<>();
        for (StreamStateHandle file : files) {
            Optional<Path> at = file.maybeGetPath();
            if (at.isPresent() && !isWhole(file, at.get())) {
                gone.add(at.get());
            }
        }
        if (!gone.isEmpty()) {
            throw new SettingsException(
                    key.key(),
                    key.key() + ": the savepoint at " + path + " is damaged: " + gone.size()
                            + " of its files are gone or" + " cut short, such as " + gone.get(0)
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

    long checkpoint() {
        return metadata.getCheckpointId();
    }

    Collection<OperatorState> operators() {
        return metadata.getOperatorStates();
    }

    /** The state of the operator of that uid, if the savepoint knows one. */
    Optional<OperatorState> operator(String uid) {
        return operators().stream().filter(state -> uidOf(state).equals(uid)).findFirst();
    }

    /** What its operator was called, with the uid, as in every sentence about it. */
    static String nameOf(OperatorState state) {
        return state.getOperatorName().orElse("An operator") + " (" + uidOf(state) + ")";
    }

    /** The id stands in for a uid that was not given, or not written down. */
    static String uidOf(OperatorState state) {
        return state.getOperatorUid().orElseGet(() -> state.getOperatorID().toString());
    }

    /** Whether anything would be lost with it, by Flink's own rule. */
    static boolean hasState(OperatorState state) {
        return state.getCoordinatorState() != null
                || state.getStates().stream().anyMatch(subtask -> subtask.hasState());
    }
}
