package io.tradeenrichment.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;

/**
 * The processes that end when this JVM does, however it ends: a shell holds their ids, and kills them when the pipe from
 * here breaks. A shutdown hook would not run if the JVM itself were killed.
 */
final class LastWill {
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

    private static final LastWill WILL = new LastWill();

    private final Writer pipe;

    private LastWill() {
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

    static void add(long pid) throws IOException {
        WILL.write("+ " + pid + "\n");
    }

    /** Its id may soon be another's. */
    static void remove(long pid) throws IOException {
        WILL.write("- " + pid + "\n");
    }

    private synchronized void write(String line) throws IOException {
        pipe.write(line);
        pipe.flush();
    }
}
