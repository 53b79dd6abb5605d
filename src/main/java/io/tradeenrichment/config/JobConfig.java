package io.tradeenrichment.config;

import java.io.Serializable;
import java.time.Duration;

public record JobConfig(Join join) implements Serializable {
    public record Join(
            KeyBy keyBy,
            MissingRow instrumentMissing,
            MissingRow userMissing,
            Duration waitTimeout,
            MissingRow waitThen,
            Duration dedupRetention,
            Duration tombstoneRetention)
            implements Serializable {}
}
