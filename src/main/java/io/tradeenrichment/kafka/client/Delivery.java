package io.tradeenrichment.kafka.client;

import org.apache.flink.connector.base.DeliveryGuarantee;

/** How often what the job writes is seen by a consumer that reads committed records only. */
public enum Delivery {
    /** Once, whatever fails; seen when the checkpoint is complete that it belongs to. */
    EXACTLY_ONCE(DeliveryGuarantee.EXACTLY_ONCE),
    /** At once, and after a failure perhaps again. */
    AT_LEAST_ONCE(DeliveryGuarantee.AT_LEAST_ONCE);

    private final DeliveryGuarantee guarantee;

    Delivery(DeliveryGuarantee guarantee) {
        this.guarantee = guarantee;
    }

    public DeliveryGuarantee guarantee() {
        return guarantee;
    }
}
