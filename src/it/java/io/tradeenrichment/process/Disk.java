package io.tradeenrichment.process;

import java.io.IOException;
import java.nio.file.Path;

/** Storage that a test can fill up. */
public interface Disk extends AutoCloseable {

    /** A small file system, where this machine permits to mount one; a container often does not. */
    static Disk start() throws Exception {
        ProcessFolder folder = ProcessFolder.ofTest("disk");
        try {
            return SmallDisk.mount(folder);
        } catch (IOException e) {
            return new OccupiedFolder(folder);
        }
    }

    /** The folder to write to. */
    Path folder();

    /** Nothing more can be written afterwards. Call it again after something was deleted. */
    void fill() throws IOException;

    /** Makes room again and deletes nothing else. */
    void free() throws IOException;

    @Override
    void close() throws InterruptedException;
}
