/**
 * Control totals: every trade that came in stands in exactly one account, across failures, rescaling and upgrades.
 */
@NullMarked
package io.tradeenrichment.ledger;

import org.jspecify.annotations.NullMarked;
