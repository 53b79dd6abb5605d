package io.tradeenrichment.codec.layout;

import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Feed;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The schemas that the job reads trades and rows with, and the one that it writes. The job graph carries them as JSON, which
 * is parsed at the first use. Thread-safe.
 */
public final class JobSchemas implements Serializable {
    private final String tradeJson;
    private final FieldPath tradeId;
    private final FieldPath tradeTime;
    private final List<FieldPath> dimensionFields;
    private final List<RowJson> rowsJson;
    private transient volatile @Nullable Parsed parsed;

    /** @throws IllegalArgumentException with one sentence if the schemas do not fit together */
    public JobSchemas(TradeSchema trade, List<RowSchema> rows) {
        checkIds(trade, rows);
        this.tradeJson = trade.schema().toString();
        this.tradeId = trade.tradeId();
        this.tradeTime = trade.tradeTime();
        this.dimensionFields = trade.dimensionFields();
        this.rowsJson = rows.stream().map(RowJson::of).toList();
        this.parsed = new Parsed(trade, List.copyOf(rows), EnrichedSchema.of(trade, rows));
    }

    private static void checkIds(TradeSchema trade, List<RowSchema> rows) {
        if (rows.size() != trade.dimensionFields().size()) {
            throw new IllegalArgumentException("there are " + rows.size() + " dimensions, but the trade has "
                    + trade.dimensionFields().size() + " fields with ids of their rows");
        }
        for (int i = 0; i < rows.size(); i++) {
            RowSchema row = rows.get(i);
            if (trade.isTextId(i) != (row.idType() == IdType.TEXT)) {
                throw new IllegalArgumentException("the field "
                        + trade.dimensionFields().get(i) + " of the trade is of the type "
                        + trade.idType(i).title() + ", but " + row.idField() + ", the id of the " + row.dimension()
                        + ", is of the type " + row.idType().title()
                        + "; in dimensions." + row.dimension() + ".field and dimensions." + row.dimension()
                        + ".id, name two integers or two strings");
            }
        }
    }

    private record RowJson(
            Dimension dimension,
            String json,
            String idField,
            @Nullable String validFromField,
            List<Column> columns) implements Serializable {
        static RowJson of(RowSchema row) {
            return new RowJson(
                    row.dimension(), row.schema().toString(), row.idField(), row.validFromField(), row.columns());
        }

        RowSchema parse() {
            return new RowSchema(
                    dimension,
                    Schemas.parseStrictly(json, "a schema in the job graph"),
                    idField,
                    validFromField,
                    columns);
        }
    }

    private record Parsed(TradeSchema trade, List<RowSchema> rows, Schema enriched) {}

    /** The bundled schemas: Trade, Instrument, User and EnrichedTrade. */
    public static JobSchemas bundled() {
        return new JobSchemas(
                new TradeSchema(
                        Schemas.TRADE,
                        FieldPath.of("trade_id"),
                        FieldPath.of("trade_time"),
                        List.of(FieldPath.of("instrument_id"), FieldPath.of("user_id"))),
                List.of(
                        bundled(
                                Dimension.INSTRUMENT,
                                Schemas.INSTRUMENT,
                                "occ_symbol=instrument",
                                "ticker",
                                "type",
                                "strike",
                                "expiry",
                                "valid_from"),
                        bundled(Dimension.USER, Schemas.USER, "username=user", "valid_from")));
    }

    private static RowSchema bundled(Dimension dimension, Schema schema, String... columns) {
        List<Column> parsed = new ArrayList<>();
        for (String column : columns) {
            parsed.add(Column.of(column, dimension));
        }
        return new RowSchema(dimension, schema, dimension.title() + "_id", "valid_from", parsed);
    }

    public TradeSchema trade() {
        return parsed().trade();
    }

    /** In the order of the settings. */
    public List<RowSchema> rows() {
        return parsed().rows();
    }

    /** @throws IllegalArgumentException if the job has no such dimension */
    public RowSchema row(Dimension dimension) {
        for (RowSchema row : rows()) {
            if (row.dimension().equals(dimension)) {
                return row;
            }
        }
        throw new IllegalArgumentException("the job has no dimension " + dimension);
    }

    /** The trades, then the dimensions in the order of the settings. */
    public List<Feed> feeds() {
        List<Feed> feeds = new ArrayList<>();
        feeds.add(Feed.TRADES);
        rows().forEach(row -> feeds.add(row.dimension().feed()));
        return feeds;
    }

    /** The schema that the job reads the records of this feed with. */
    public Schema of(Feed feed) {
        if (feed.equals(Feed.TRADES)) {
            return trade().schema();
        }
        for (RowSchema row : rows()) {
            if (row.dimension().feed().equals(feed)) {
                return row.schema();
            }
        }
        throw new IllegalArgumentException("the job does not read the feed " + feed);
    }

    /** The schemas of the trades and of the rows. */
    public List<Schema> inputs() {
        List<Schema> inputs = new ArrayList<>();
        inputs.add(trade().schema());
        rows().forEach(row -> inputs.add(row.schema()));
        return inputs;
    }

    /** The schemas that the job and its commands read records with. */
    public List<Schema> readers() {
        List<Schema> readers = inputs();
        readers.add(enriched());
        return readers;
    }

    /** The schema of the enriched trades. */
    public Schema enriched() {
        return parsed().enriched();
    }

    /** The schema of the enriched trades as JSON. */
    public String enrichedJson() {
        return enriched().toString();
    }

    private Parsed parsed() {
        Parsed current = parsed;
        if (current == null) {
            TradeSchema trade = new TradeSchema(
                    Schemas.parseStrictly(tradeJson, "a schema in the job graph"), tradeId, tradeTime, dimensionFields);
            List<RowSchema> rows = rowsJson.stream().map(RowJson::parse).toList();
            current = new Parsed(trade, rows, EnrichedSchema.of(trade, rows));
            parsed = current;
        }
        return current;
    }
}
