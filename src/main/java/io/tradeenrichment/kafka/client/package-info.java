/** Kafka's settings, the properties of its clients, and the admin client. */
@NullMarked
package io.tradeenrichment.kafka.client;

import org.jspecify.annotations.NullMarked;
