package io.tradeenrichment.config;

public enum KeyBy {
    INSTRUMENT_ID,
    TRADE_ID
}
