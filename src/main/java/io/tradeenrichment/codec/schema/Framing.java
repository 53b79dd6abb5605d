package io.tradeenrichment.codec.schema;

import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.model.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.avro.Schema;

/** The bytes before a datum that identify the schema of its writer. */
public enum Framing {
    /** 0x00, then the schema's id in a registry, four bytes big-endian (Confluent wire format). */
    CONFLUENT(5),
    /** 0xC3 0x01, then the schema's CRC-64-AVRO fingerprint, eight bytes little-endian (Avro specification). */
    SINGLE_OBJECT(10);

    private final int length;

    Framing(int length) {
        this.length = length;
    }

    /** In bytes. */
    public int length() {
        return length;
    }

    /**
     * The key of the writer's schema: an id in a registry, or a fingerprint.
     *
     * @throws DecodeException with {@link Reason#UNKNOWN_FRAMING} if the value has another framing
     */
    public long schemaKey(byte[] value) throws DecodeException {
        if (value.length < length) {
            throw new DecodeException(
                    Reason.UNKNOWN_FRAMING,
                    "the value has " + value.length + " bytes, too few for the " + length + " of " + title()
                            + " framing");
        }
        if (this == CONFLUENT) {
            if (value[0] != 0) {
                throw unknown(value);
            }
            return intAt(value, 1);
        }
        if (value[0] != (byte) 0xC3 || value[1] != 0x01) {
            throw unknown(value);
        }
        return Integer.toUnsignedLong(Integer.reverseBytes(intAt(value, 2)))
                | (long) Integer.reverseBytes(intAt(value, 6)) << 32;
    }

    /** The framing of a datum that is written with the schema of this key. */
    public byte[] prefix(long schemaKey) {
        ByteBuffer prefix = ByteBuffer.allocate(length);
        if (this == CONFLUENT) {
            return prefix.put((byte) 0).putInt(Math.toIntExact(schemaKey)).array();
        }
        return prefix.order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 0xC3)
                .put((byte) 0x01)
                .putLong(schemaKey)
                .array();
    }

    /** The key of a schema under single-object framing. */
    public static long fingerprint(Schema schema) {
        return Fingerprints.of(schema);
    }

    /** The name in settings and messages. */
    public String title() {
        return this == CONFLUENT ? "confluent" : "single-object";
    }

    private DecodeException unknown(byte[] value) {
        return new DecodeException(
                Reason.UNKNOWN_FRAMING,
                String.format(
                        "the value begins with 0x%02X 0x%02X, not as %s framing does", value[0], value[1], title()));
    }

    private static int intAt(byte[] value, int at) {
        return (value[at] & 0xFF) << 24
                | (value[at + 1] & 0xFF) << 16
                | (value[at + 2] & 0xFF) << 8
                | (value[at + 3] & 0xFF);
    }
}
