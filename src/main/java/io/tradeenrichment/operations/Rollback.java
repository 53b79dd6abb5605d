package io.tradeenrichment.operations;

import io.tradeenrichment.settings.CheckedConfiguration;
import io.tradeenrichment.settings.Command;
import io.tradeenrichment.settings.CommandDescription;
import io.tradeenrichment.settings.Settings;
import java.io.IOException;
import java.util.List;

/** Goes back to a version that ran before. */
public final class Rollback {
    private final Session session;
    private final Current current;

    private Rollback(Session session, Current current) {
        this.session = session;
        this.current = current;
    }

    /** @param name of the job on the cluster */
    public static Command command(String name) {
        CommandDescription program = new CommandDescription(
                "deploy/rollback",
                "Goes back to the deployment before the current one, with its jar, settings and parallelism, from a"
                        + " savepoint of the current one: no trade is lost or doubled. A job that is in no state to write"
                        + " one is cancelled, and its last complete checkpoint taken. If nothing runs, starts what ran last."
                        + " Ends with 0 if the old version runs, 1 if what ran before runs, 3 if neither.",
                List.of(
                        OperationsOptions.group("Roll back", "rollback.", "beside"),
                        OperationsOptions.group("Savepoint", "savepoint."),
                        OperationsOptions.group("Cluster", "cluster."),
                        OperationsOptions.group("Start", "start.", "verify.")),
                List.of("--cluster.url http://flink:8081", "--rollback.to 4"));
        return new Command(program, settings -> run(settings, name));
    }

    private static void run(Settings settings, String name) throws IOException, InterruptedException {
        var checked = new CheckedConfiguration(settings.configuration());
        try (Session session = Session.open(settings)) {
            session.run(() -> {
                Current current = Current.find(session, name, checked.get(OperationsOptions.BESIDE));
                new Rollback(session, current).run(checked);
            });
        }
    }

    private void run(CheckedConfiguration checked) throws IOException, InterruptedException {
        Deployment target =
                checked.isSet(OperationsOptions.TO) ? numbered(checked.get(OperationsOptions.TO)) : previous();
        if (checked.get(OperationsOptions.TO_SAVEPOINT)) {
            backInTime(target, checked.get(OperationsOptions.REPETITIONS));
        } else {
            goOnWith(target);
        }
        session.steps().step("Rolled back: " + target.version() + " runs");
    }

    private Deployment numbered(int number) {
        return session.record()
                .number(number)
                .orElseThrow(() -> Session.refusal(
                        OperationsOptions.TO,
                        "is " + number + ", but the record has the deployments 1 to "
                                + session.record().latestFirst().get(0).number()));
    }

    /** What held before what runs, and is another version; if nothing runs, what held last. */
    private Deployment previous() throws IOException {
        Deployment now = current.deployment();
        for (Deployment deployment : session.record().latestFirst()) {
            boolean isOlder =
                    deployment.number() < now.number() && !deployment.version().equals(now.version());
            if (deployment.isVerified() && (!current.isRunning() || isOlder)) {
                return deployment;
            }
        }
        throw new IOException("there is nothing to go back to: "
                + current.deployment().title() + " is the first of the record " + session.record());
    }

    /** Given again without a number, the command would go back from where it was broken off. */
    private Changeover changeover(Deployment target, String more) {
        return new Changeover(
                session, current, "deploy/rollback --" + OperationsOptions.TO.key() + " " + target.number() + more);
    }

    /** With the state of now. */
    private void goOnWith(Deployment target) throws IOException, InterruptedException {
        Changeover changeover = changeover(target, "");
        if (current.isRunning() && current.deployment().version().equals(target.version())) {
            changeover.confirm(null);
            return;
        }
        session.steps().step("Goes back to " + target.title() + ", of " + target.time());
        changeover.check(target.version());
        changeover.start(target.version(), changeover.stopOrCancel());
    }

    /** With the state of then. */
    private void backInTime(Deployment target, boolean accepted) throws IOException, InterruptedException {
        String savepoint = target.stoppedWith();
        if (savepoint == null) {
            throw new IOException(target.title() + " was not stopped with a savepoint, so there is none to go back to");
        }
        if (!accepted) {
            throw Session.refusal(
                    OperationsOptions.REPETITIONS,
                    "is needed: from " + savepoint + " on, all that was written since " + target.title()
                            + " was stopped is written a second time, and the totals begin as they were then. Consumers must"
                            + " tell repetitions by the trade_id; --" + OperationsOptions.REPETITIONS.key()
                            + " true says that they do");
        }
        Changeover changeover = changeover(
                target,
                " --" + OperationsOptions.TO_SAVEPOINT.key() + " true --" + OperationsOptions.REPETITIONS.key()
                        + " true");
        Deployment now = current.deployment();
        boolean isThere = now.version().equals(target.version()) && savepoint.equals(now.from());
        if (current.isRunning() && !now.isVerified() && isThere) {
            // Broken off before: to write it all again once is enough.
            changeover.confirm(changeover.endOfWhatHeld());
            return;
        }
        session.steps()
                .step("Goes back to " + target.title() + ", and to its savepoint: what was written since is written"
                        + " again");
        changeover.check(target.version());
        changeover.startBackInTime(target.version(), savepoint, changeover.stopOrCancel());
    }
}
