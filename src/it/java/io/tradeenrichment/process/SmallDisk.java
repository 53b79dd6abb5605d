package io.tradeenrichment.process;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A small file system in memory, mounted in the mount namespace of one process and accessed through {@code /proc}. So it
 * needs no privileges and disappears with the process.
 */
final class SmallDisk implements Disk {
    private static final String SIZE = "48m";
    private static final String MOUNT =
            "mount -t tmpfs -o size=" + SIZE + " tmpfs \"$0\" && echo mounted && exec sleep inf";

    private final RealProcess holder;
    private final Path folder;

    private SmallDisk(RealProcess holder, Path folder) {
        this.holder = holder;
        this.folder = folder;
    }

    /** @throws IOException if this machine does not permit it */
    static SmallDisk mount(ProcessFolder parent) throws IOException, InterruptedException {
        Path point = parent.folder("disk");
        RealProcess holder = parent.start(
                "holder",
                Map.of(),
                List.of("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", MOUNT, point.toString()));
        try {
            holder.awaitReady(() -> holder.output().contains("mounted"));
            return new SmallDisk(holder, Path.of("/proc/" + holder.pid() + "/root" + point));
        } catch (Exception e) {
            holder.close();
            throw new IOException("This machine does not permit a test to mount a file system", e);
        }
    }

    @Override
    public Path folder() {
        return folder;
    }

    @Override
    public void fill() {
        byte[] zeros = new byte[4096];
        try (OutputStream filler = new FileOutputStream(filler().toFile(), true)) {
            while (true) {
                filler.write(zeros);
            }
        } catch (IOException e) {
            // The disk is full.
        }
    }

    @Override
    public void free() throws IOException {
        Files.delete(filler());
    }

    private Path filler() {
        return folder.resolve("filler");
    }

    @Override
    public void close() throws InterruptedException {
        holder.close();
    }

    @Override
    public String toString() {
        return "a full disk of " + SIZE;
    }
}
