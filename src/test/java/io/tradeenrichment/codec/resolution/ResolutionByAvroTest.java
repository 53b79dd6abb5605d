package io.tradeenrichment.codec.resolution;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.codec.ApacheAvro;
import io.tradeenrichment.codec.RandomDatum;
import io.tradeenrichment.codec.RandomRecords;
import io.tradeenrichment.codec.binary.DecodeException;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Compares schema resolution with Apache Avro's: the same records are read, with the same values. */
class ResolutionByAvroTest {
    private static final int PAIRS = 1_500;
    private static final int RECORDS = 20;

    @Test
    void readsTheRecordsThatAvroReads() throws Exception {
        RandomSchemas schemas = new RandomSchemas(20261128);
        RandomRecords random = new RandomRecords(20261129);
        int read = 0;
        int notRead = 0;
        int inPlace = 0;
        int rejected = 0;
        for (int pair = 0; pair < PAIRS; pair++) {
            RandomSchemas.Pair schema = schemas.next();
            int ofThese = 0;
            for (int record = 0; record < RECORDS; record++) {
                byte[] datum = RandomDatum.of(schema.writers(), random);
                byte[] byAvro;
                try {
                    byAvro = byAvro(schema, datum);
                } catch (EOFException e) {
                    // Avro requires for each item as many bytes as the job's type needs at least.
                    assertThat(e).hasMessageStartingWith("Collection claims");
                    continue;
                }
                byte[] ours = ours(schema, datum);
                assertThat(ours == null ? null : canonical(schema, ours))
                        .as("%s%nread as %s%nof %s", schema.writers(), schema.readers(), Arrays.toString(datum))
                        .isEqualTo(byAvro);
                ofThese += ours == null ? 0 : 1;
                notRead += ours == null ? 1 : 0;
                inPlace += ours == datum ? 1 : 0;
            }
            read += ofThese;
            rejected += ofThese == 0 ? 1 : 0;
        }
        assertThat(read).as("records read").isGreaterThan(PAIRS * RECORDS / 4);
        assertThat(notRead).as("records not read").isGreaterThan(PAIRS * RECORDS / 10);
        assertThat(inPlace).as("records read in place").isGreaterThan(PAIRS);
        assertThat(rejected).as("schemas without readable records").isBetween(PAIRS / 10, PAIRS * 3 / 4);
    }

    /** Null if the record is rejected, alone or with its schema. */
    private static byte @Nullable [] ours(RandomSchemas.Pair schema, byte[] datum) throws IOException {
        try {
            SchemaResolution resolution = SchemaResolution.between(schema.writers(), schema.readers());
            return resolution == null ? datum : resolution.resolve(datum, 0);
        } catch (DecodeException e) {
            return null;
        }
    }

    private static byte @Nullable [] byAvro(RandomSchemas.Pair schema, byte[] datum) throws IOException {
        try {
            return ApacheAvro.encode(
                    ApacheAvro.RAW, ApacheAvro.resolve(ApacheAvro.RAW, schema.writers(), schema.readers(), datum));
        } catch (AvroRuntimeException e) {
            return null;
        }
    }

    /** Arrays and maps may have blocks of any size, so values are compared, not bytes. */
    private static byte[] canonical(RandomSchemas.Pair schema, byte[] datum) throws IOException {
        GenericRecord record = ApacheAvro.decode(ApacheAvro.RAW, schema.readers(), datum);
        return ApacheAvro.encode(ApacheAvro.RAW, record);
    }
}
