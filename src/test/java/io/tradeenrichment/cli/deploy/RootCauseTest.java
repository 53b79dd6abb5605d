package io.tradeenrichment.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RootCauseTest {

    @Test
    void findsTheMessageOfTheJobsOwnException() {
        assertThat(RootCause.in("""
                        org.apache.flink.runtime.rest.handler.RestHandlerException: Could not execute application.
                        \tat org.apache.flink.A.b(A.java:1)
                        Caused by: java.util.concurrent.CompletionException: org.apache.flink.X: Could not execute.
                        \t... 2 more
                        Caused by: io.tradeenrichment.settings.SettingsException: there is no topic trades
                        \tat io.tradeenrichment.A.b(A.java:1)
                        Caused by: org.apache.kafka.common.errors.TimeoutException: Timed out
                        \t... 7 more
                        """)).isEqualTo("there is no topic trades");
    }

    @Test
    void findsTheInnermostMessageOtherwise() {
        assertThat(RootCause.in("""
                        java.lang.Exception: Could not restore
                        \tat a.B.c(B.java:1)
                        Caused by: java.io.FileNotFoundException: /a/b (No such file)
                        \tat a.B.c(B.java:1)
                        Caused by: java.lang.NullPointerException
                        \t... 1 more
                        """)).isEqualTo("FileNotFoundException: /a/b (No such file)");
        assertThat(RootCause.in("java.lang.NullPointerException\n\tat a.B.c(B.java:1)"))
                .isEqualTo("NullPointerException");
    }

    @Test
    void joinsTheLinesOfAMessage() {
        assertThat(RootCause.in("java.io.IOException: the state\n  cannot be read\n\tat a.B.c(B.java:1)"))
                .isEqualTo("the state cannot be read");
    }

    @Test
    void returnsOtherTextAsItIs() {
        assertThat(RootCause.in("Not found: /jars/x")).isEqualTo("Not found: /jars/x");
        assertThat(RootCause.in("")).isEqualTo("(no cause)");
    }

    @Test
    void readsAnErrorOfTheRestEndpoint() {
        assertThat(RootCause.in("""
                        [Internal server error., <Exception on server side:
                        java.util.concurrent.CompletionException: java.lang.Exception: outer
                        \tat a.B.c(B.java:1)
                        Caused by: java.lang.Exception: the JobManager is initializing.
                        \t... 1 more

                        End of exception on server side>]""")).isEqualTo("the JobManager is initializing.");
        assertThat(RootCause.in("[Job could not be found.]")).isEqualTo("Job could not be found.");
    }
}
