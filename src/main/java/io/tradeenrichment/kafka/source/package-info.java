/** From Kafka into the job: the sources, the dimension snapshot and the end offsets of the dimension topics. */
@NullMarked
package io.tradeenrichment.kafka.source;

import org.jspecify.annotations.NullMarked;
