package io.tradeenrichment.process;

import java.io.IOException;
import java.nio.file.Path;

/** Where something is kept, until a test lets the place run out. */
public interface Disk extends AutoCloseable {

    /** A real small one where this machine lets a test mount a file system of its own; a container often does not. */
    static Disk start() throws Exception {
        ProcessFolder folder = ProcessFolder.ofTest("disk");
        try {
            return SmallDisk.mount(folder);
        } catch (IOException e) {
            return new OccupiedFolder(folder);
        }
    }

    /** The folder to keep it in. */
    Path folder();

    /** From now on nothing can be written. Done again, it takes up what was set free in the meantime. */
    void fill() throws IOException;

    /** There is room again; what was there before is still there. */
    void free() throws IOException;

    @Override
    void close() throws InterruptedException;
}
