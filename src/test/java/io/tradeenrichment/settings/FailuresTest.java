package io.tradeenrichment.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class FailuresTest {

    @Test
    void takesTheMessageOfTheInnermostCause() {
        var failure = new ExecutionException(new RuntimeException("wrapped", new IOException("the disk is full")));

        assertThat(Failures.rootCause(failure)).isEqualTo("the disk is full");
    }

    @Test
    void takesTheMessageOfAThrowableWithoutACause() {
        assertThat(Failures.rootCause(new IOException("the disk is full"))).isEqualTo("the disk is full");
        assertThat(Failures.message(new IOException("outer", new IOException("inner"))))
                .isEqualTo("outer");
    }

    @Test
    void namesTheClassOfAThrowableWithoutAMessage() {
        assertThat(Failures.rootCause(new ExecutionException(new InterruptedException())))
                .isEqualTo("InterruptedException");
        assertThat(Failures.message(new IOException(" "))).isEqualTo("IOException");
    }

    @Test
    void joinsTheLinesOfAMessage() {
        assertThat(Failures.message(new IOException("while scanning\n  found a tab \r\n")))
                .isEqualTo("while scanning found a tab");
    }
}
