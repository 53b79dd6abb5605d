package io.tradeenrichment.cli;

import io.tradeenrichment.JobSettings;
import io.tradeenrichment.TradeEnrichmentJob;
import io.tradeenrichment.cli.deploy.DeployCommands;
import io.tradeenrichment.cli.embedded.EmbeddedCommand;
import io.tradeenrichment.cli.preflight.PreflightCommand;
import io.tradeenrichment.cli.tools.GenerateCommand;
import io.tradeenrichment.cli.tools.TailCommand;
import io.tradeenrichment.settings.Command;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The main of the scripts in {@code deploy}. The first argument names the command; only that command is loaded. */
public final class Commands {
    private static final int MISUSED = 2;

    private Commands() {}

    public static void main(String[] args) throws InterruptedException {
        String name = args.length == 0 ? "" : args[0];
        Supplier<Command> command = commands().get(name);
        if (command == null) {
            System.err.println("'" + name + "' is not a command; use one of "
                    + String.join(", ", commands().keySet()));
            System.exit(MISUSED);
            return;
        }
        System.exit(command.get().run(Arrays.copyOfRange(args, 1, args.length)));
    }

    private static Map<String, Supplier<Command>> commands() {
        return new TreeMap<>(Map.of(
                "embedded", EmbeddedCommand::command,
                "generate", GenerateCommand::command,
                "tail", TailCommand::command,
                "preflight", () -> PreflightCommand.command(System.out),
                "submit", () -> deploy().submit(),
                "upgrade", () -> deploy().upgrade(),
                "rescale", () -> deploy().rescale(),
                "rollback", () -> deploy().rollback()));
    }

    private static DeployCommands deploy() {
        return new DeployCommands(TradeEnrichmentJob.NAME, JobSettings.description(), JobSettings::from);
    }
}
