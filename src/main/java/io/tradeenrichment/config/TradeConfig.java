package io.tradeenrichment.config;

import io.tradeenrichment.settings.CheckedConfiguration;
import java.io.Serializable;

/**
 * The schema of trades, and the fields that the job needs. Which of them the schema has is checked where it is read.
 *
 * @param tradeId the path of the field with the trade's id
 * @param tradeTime the path of the field with the trade's time
 */
public record TradeConfig(SchemaSource schema, String tradeId, String tradeTime) implements Serializable {
    public static final TradeConfig BUNDLED = new TradeConfig(SchemaSource.BUNDLED, "trade_id", "trade_time");

    static TradeConfig from(CheckedConfiguration checked) {
        return new TradeConfig(
                SchemaSource.from(checked, JobOptions.WIRE_TRADE_SCHEMA),
                checked.get(JobOptions.WIRE_TRADE_ID).strip(),
                checked.get(JobOptions.WIRE_TRADE_TIME).strip());
    }
}
