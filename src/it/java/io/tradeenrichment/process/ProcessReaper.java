package io.tradeenrichment.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;

/**
 * Kills the processes that this JVM has started when the JVM exits, even if it is killed: a shell reads their ids from a
 * pipe and kills them when the pipe breaks. A shutdown hook would not run in a killed JVM.
 */
final class ProcessReaper {
    private static final String SHELL = """
            trap '' HUP INT TERM
            pids=' '
            while read -r sign pid; do
                case $sign in
                    +) pids="$pids$pid " ;;
                    -) pids="${pids%% "$pid" *} ${pids#* "$pid" }" ;;
                esac
            done
            [ -z "${pids# }" ] || kill -9 $pids
            """;

    private static final ProcessReaper REAPER = new ProcessReaper();

    private final Writer pipe;

    private ProcessReaper() {
        try {
            pipe = new ProcessBuilder("sh", "-c", SHELL)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .outputWriter();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void add(long pid) {
        REAPER.write("+ " + pid + "\n");
    }

    /** After the process has exited: the system may reuse its id. */
    static void remove(long pid) {
        REAPER.write("- " + pid + "\n");
    }

    private synchronized void write(String line) {
        try {
            pipe.write(line);
            pipe.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
