/** The command {@code embedded}: the whole job in one JVM, from generated streams to Avro container files. */
@NullMarked
package io.tradeenrichment.cli.embedded;

import org.jspecify.annotations.NullMarked;
