package io.tradeenrichment.market;

import io.tradeenrichment.codec.binary.DatumBuffer;

/** Trades of the bundled schema. Few instruments are hot; users are uniform. */
final class BundledTrades implements TradeContent {
    private static final int MAX_QUANTITY = 1000;

    private final Market market;
    private final IndexedRandom instruments;
    private final IndexedRandom users;
    private final IndexedRandom terms;

    BundledTrades(Market market) {
        this.market = market;
        this.instruments = new IndexedRandom(market.seed(), "trade instruments");
        this.users = new IndexedRandom(market.seed(), "trade users");
        this.terms = new IndexedRandom(market.seed(), "trade terms");
    }

    @Override
    public byte[] write(long index, long tradeId, long time, DatumBuffer into) {
        long random = terms.bits(index);
        long instrument = instruments.skewed(index, market.instruments());
        into.writeLong(tradeId)
                .writeLong(instrument)
                .writeLong(1 + users.below(index, market.users()))
                .writeLong(time)
                .writeDecimal(Listings.price(instrument, random))
                .writeLong(1 + (random >>> 1) % MAX_QUANTITY)
                .writeInt((int) (random & 1));
        return DatumBuffer.key(instrument);
    }

    @Override
    public Corruption corruption(long random) {
        return Corruption.of(random);
    }
}
