package io.tradeenrichment;

import io.tradeenrichment.codec.binary.DatumBuffer;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.settings.Settings;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.Schema;

/**
 * The example in {@code docs/example}: its settings, and trades and rows in its schemas. Trades and rows are maps of plain
 * Java values. Their content follows from their ids, so that a test can compute an enriched trade without the job.
 */
public final class Desk {
    public static final Path FOLDER = Path.of("docs", "example");
    /** The dimensions' topics. */
    public static final List<String> TOPICS = List.of("accounts", "brokers", "listings");

    public static final Schema EXECUTION = schema("Execution");
    public static final Schema ACCOUNT = schema("Account");
    public static final Schema BROKER = schema("Broker");
    public static final Schema LISTING = schema("Listing");

    private static final Instant START = Instant.parse("2026-11-02T14:30:00Z");

    private final Framer framer;
    private final Map<Schema, byte[]> prefixes = new HashMap<>();

    /** Gives the framing of records. */
    @FunctionalInterface
    public interface Framer {
        byte[] prefix(Feed feed, Schema schema) throws Exception;
    }

    /** @param framer is called once for each schema */
    public Desk(Framer framer) {
        this.framer = framer;
    }

    private static Schema schema(String name) {
        try {
            return new Schema.Parser().parse(Files.readString(file(name)));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The schema file of a record. */
    public static Path file(String name) {
        return FOLDER.resolve(name + ".avsc");
    }

    /** The settings of the example; a map that the caller may change. */
    public static Map<String, String> settings() {
        return new HashMap<>(Settings.read(
                        JobSettings.description(),
                        "--config",
                        FOLDER.resolve("desk.yaml").toString())
                .toArguments());
    }

    /**
     * @param number from which the other fields follow
     * @param broker may be null
     */
    public static Map<String, Object> execution(long number, String account, Long broker, String isin) {
        Map<String, Object> order = new LinkedHashMap<>();
        order.put("order_id", number / 2);
        order.put("account_id", account);
        order.put("broker_id", broker);
        Map<String, Object> execution = new LinkedHashMap<>();
        execution.put("exec_id", execId(number));
        execution.put("exec_time", START.plusMillis(number));
        execution.put("venue", number % 2 == 0 ? "XNAS" : "Börse München");
        execution.put("order", order);
        execution.put("isin", isin);
        execution.put("side", number % 2 == 0 ? "BUY" : "SELL");
        execution.put("quantity", number * 100);
        execution.put("price", BigDecimal.valueOf(38_050_000 + number, 6));
        execution.put("fee", BigDecimal.valueOf(-12_500 + number, 4));
        execution.put("tags", number % 3 == 0 ? List.of() : List.of("algo", "tag " + number));
        execution.put("attributes", number % 4 == 0 ? Map.of() : Map.of("strategy", "s" + number, "clock", "gps"));
        return execution;
    }

    public static String execId(long number) {
        return new UUID(number * 0x9E3779B97F4A7C15L, number).toString();
    }

    /** An execution that every dimension of {@link #rows} has a row for, except for every fourth, which has no broker. */
    public static Map<String, Object> execution(long number) {
        return execution(number, "ACC-" + number % 5, number % 4 == 0 ? null : number % 3, isin(number % 7));
    }

    public static String isin(long number) {
        return String.format("US%09d%d", number, number % 10);
    }

    public static Map<String, Object> account(String id) {
        Map<String, Object> account = new LinkedHashMap<>();
        account.put("account_id", id);
        account.put("name", "Account " + id);
        account.put("region", id.endsWith("1") ? null : "Region of " + id);
        account.put("credit_limit", BigDecimal.valueOf(id.hashCode(), 2));
        account.put("valid_from", START.minusNanos(1_000));
        return account;
    }

    public static Map<String, Object> broker(long id) {
        Map<String, Object> broker = new LinkedHashMap<>();
        broker.put("broker_id", id);
        broker.put("name", "Broker " + id);
        broker.put("lei", id % 2 == 0 ? null : "LEI" + id);
        return broker;
    }

    public static Map<String, Object> listing(String isin) {
        Map<String, Object> listing = new LinkedHashMap<>();
        listing.put("isin", isin);
        listing.put("ticker", "T" + isin.substring(9));
        listing.put("currency", isin.endsWith("3") ? "EUR" : "USD");
        listing.put("lot_size", 100);
        listing.put("listed_at", START.minusSeconds(3_600));
        return listing;
    }

    /** The columns that the example's settings add to a trade of this account. */
    public static Map<String, Object> accountColumns(String id) {
        Map<String, Object> row = account(id);
        Map<String, Object> columns = new LinkedHashMap<>();
        columns.put("account", row.get("name"));
        columns.put("account_region", row.get("region"));
        return columns;
    }

    /** @param id null if the trade has no broker, or one without a row */
    public static Map<String, Object> brokerColumns(Long id) {
        Map<String, Object> row = id == null ? Map.of() : broker(id);
        Map<String, Object> columns = new LinkedHashMap<>();
        columns.put("broker_name", row.get("name"));
        columns.put("broker_lei", row.get("lei"));
        return columns;
    }

    public static Map<String, Object> listingColumns(String isin) {
        Map<String, Object> row = listing(isin);
        Map<String, Object> columns = new LinkedHashMap<>();
        columns.put("listing_ticker", row.get("ticker"));
        columns.put("listing_currency", row.get("currency"));
        return columns;
    }

    /** A trade, then columns. */
    @SafeVarargs
    public static Map<String, Object> enriched(Map<String, Object> execution, Map<String, Object>... columns) {
        Map<String, Object> enriched = new LinkedHashMap<>(execution);
        for (Map<String, Object> some : columns) {
            enriched.putAll(some);
        }
        return enriched;
    }

    public SourceRecord trade(Map<String, Object> execution) throws Exception {
        return trade(EXECUTION, execution);
    }

    public SourceRecord trade(Schema schema, Map<String, Object> execution) throws Exception {
        return record(Feed.TRADES, schema, null, execution);
    }

    public SourceRecord accountRow(String id) throws Exception {
        return row("accounts", ACCOUNT, id, account(id));
    }

    public SourceRecord brokerRow(long id) throws Exception {
        return record(new Feed("brokers"), BROKER, DatumBuffer.key(id), broker(id));
    }

    public SourceRecord listingRow(String isin) throws Exception {
        return row("listings", LISTING, isin, listing(isin));
    }

    private SourceRecord row(String feed, Schema schema, String id, Map<String, Object> row) throws Exception {
        return record(new Feed(feed), schema, id.getBytes(StandardCharsets.UTF_8), row);
    }

    /** Rows for every {@link #execution(long)}: five accounts, three brokers, seven listings. */
    public List<SourceRecord> rows() throws Exception {
        List<SourceRecord> rows = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            rows.add(accountRow("ACC-" + i));
        }
        for (int i = 0; i < 3; i++) {
            rows.add(brokerRow(i));
        }
        for (int i = 0; i < 7; i++) {
            rows.add(listingRow(isin(i)));
        }
        return rows;
    }

    /** @param content null for a tombstone */
    public SourceRecord record(Feed feed, Schema schema, byte[] key, Map<String, Object> content) throws Exception {
        byte[] value = content == null ? null : framed(feed, schema, AvroMaps.encode(schema, content));
        return new SourceRecord(feed, 0, 0, START.toEpochMilli(), key, value, List.of());
    }

    private byte[] framed(Feed feed, Schema schema, byte[] datum) throws Exception {
        byte[] prefix = prefixes.get(schema);
        if (prefix == null) {
            prefix = framer.prefix(feed, schema);
            prefixes.put(schema, prefix);
        }
        return ByteBuffer.allocate(prefix.length + datum.length)
                .put(prefix)
                .put(datum)
                .array();
    }
}
