/**
 * Commands with which a person deploys: onto any Flink session cluster, by its REST address. Each step is said before it
 * is taken, and each deployment is kept in a record on this machine.
 */
@NullMarked
package io.tradeenrichment.operations;

import org.jspecify.annotations.NullMarked;
