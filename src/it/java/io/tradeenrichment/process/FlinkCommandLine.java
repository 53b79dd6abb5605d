package io.tradeenrichment.process;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Flink's command line; each command is a process with a log of its own. */
final class FlinkCommandLine {
    private static final Pattern SUBMITTED = Pattern.compile("JobID ([0-9a-f]{32})");
    private static final Pattern SAVED = Pattern.compile("Path: (\\S+)");

    private final FlinkDistribution flink;
    private final ProcessFolder folder;
    private int commands;

    FlinkCommandLine(FlinkDistribution flink, ProcessFolder folder) {
        this.flink = flink;
        this.folder = folder;
    }

    /** @return the id of the job */
    String run(Path jar, List<String> options, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("run", "-d"));
        command.addAll(options);
        command.add(jar.toString());
        command.addAll(arguments);
        return found(SUBMITTED, execute("run", command));
    }

    /** @return the path of the savepoint */
    String savepoint(String job, URI target) throws IOException, InterruptedException {
        return found(SAVED, execute("savepoint", List.of("savepoint", job, target.toString())));
    }

    /** @return the path of the savepoint */
    String stop(String job, URI target) throws IOException, InterruptedException {
        return found(SAVED, execute("stop", List.of("stop", "--savepointPath", target.toString(), job)));
    }

    void cancel(String job) throws IOException, InterruptedException {
        execute("cancel", List.of("cancel", job));
    }

    private synchronized String execute(String name, List<String> arguments) throws IOException, InterruptedException {
        return flink.client(folder.log("command-" + ++commands + "-" + name), arguments);
    }

    private static String found(Pattern pattern, String output) throws IOException {
        Matcher matcher = pattern.matcher(output);
        if (!matcher.find()) {
            throw new IOException("Flink's command line printed no " + pattern + ": " + output);
        }
        return matcher.group(1);
    }
}
