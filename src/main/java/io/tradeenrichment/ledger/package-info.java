/**
 * Control totals: each trade that came in is in exactly one account, across failures, rescaling and upgrades.
 */
@NullMarked
package io.tradeenrichment.ledger;

import org.jspecify.annotations.NullMarked;
