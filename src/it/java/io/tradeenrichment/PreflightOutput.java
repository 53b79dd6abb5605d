package io.tradeenrichment;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.cli.preflight.PreflightCommand;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** {@code deploy/preflight} in this JVM. */
public final class PreflightOutput {
    private PreflightOutput() {}

    /** Runs it, expects exit code 0, and returns the lines of its output. */
    public static List<String> of(List<String> arguments) throws Exception {
        var out = new ByteArrayOutputStream();
        int code = PreflightCommand.command(new PrintStream(out, true, StandardCharsets.UTF_8))
                .run(arguments.toArray(String[]::new));
        String output = out.toString(StandardCharsets.UTF_8);
        assertThat(code).as(output).isZero();
        return output.lines().toList();
    }
}
