package io.tradeenrichment.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The memory that a JVM uses after a full garbage collection.
 *
 * @param heap in megabytes
 * @param metaspace in megabytes
 */
public record JvmMemory(long heap, long metaspace) {
    private static final Pattern HEAP = Pattern.compile("heap\\s+total \\d+K, used (\\d+)K");
    private static final Pattern METASPACE = Pattern.compile("Metaspace\\s+used (\\d+)K");

    /** Triggers a full collection first. */
    static JvmMemory of(long pid) throws IOException, InterruptedException {
        jcmd(pid, "GC.run");
        String output = jcmd(pid, "GC.heap_info");
        return new JvmMemory(megabytes(HEAP, output), megabytes(METASPACE, output));
    }

    private static long megabytes(Pattern pattern, String output) throws IOException {
        Matcher matcher = pattern.matcher(output);
        if (!matcher.find()) {
            throw new IOException("jcmd printed no " + pattern + ":\n" + output);
        }
        return Long.parseLong(matcher.group(1)) >> 10;
    }

    private static String jcmd(long pid, String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        String.valueOf(pid),
                        command)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("jcmd " + command + " of process " + pid + " failed:\n" + output);
        }
        return output;
    }
}
