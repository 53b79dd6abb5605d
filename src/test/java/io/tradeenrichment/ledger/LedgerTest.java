package io.tradeenrichment.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tradeenrichment.StateStores;
import io.tradeenrichment.model.Account;
import io.tradeenrichment.state.Posting;
import io.tradeenrichment.types.ModelTypes;
import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.streaming.util.MockStreamingRuntimeContext;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private final OperatorStateStore store = StateStores.empty();

    LedgerTest() throws Exception {}

    @Test
    void restoresTheSumOfSeveralPostingsOfAnAccount() throws Exception {
        postings()
                .update(List.of(
                        new Posting(Account.ENRICHED, 5),
                        new Posting(Account.PARKED, 3),
                        new Posting(Account.ENRICHED, 7),
                        new Posting(Account.PARKED, -2)));
        Ledger ledger = new Ledger(store, Account.ENRICHED, Account.PARKED);
        ledger.snapshot();
        assertThat(postings().get())
                .containsExactlyInAnyOrder(new Posting(Account.ENRICHED, 12), new Posting(Account.PARKED, 1));
    }

    @Test
    void accumulatorsIncludeRestoredTotalsAndLaterEntries() throws Exception {
        postings().update(List.of(new Posting(Account.ENRICHED, 5), new Posting(Account.ENRICHED, 7)));
        Ledger ledger = new Ledger(store, Account.ENRICHED, Account.DROPPED);
        var context = new MockStreamingRuntimeContext(1, 0);
        ledger.register(context);
        assertThat(context.getAccumulator("enriched").getLocalValue()).isEqualTo(12L);
        assertThat(context.getAccumulator("dropped").getLocalValue()).isEqualTo(0L);
        ledger.enter(Account.ENRICHED);
        ledger.enter(Account.DROPPED, 4);
        assertThat(context.getAccumulator("enriched").getLocalValue()).isEqualTo(13L);
        assertThat(context.getAccumulator("dropped").getLocalValue()).isEqualTo(4L);
    }

    @Test
    void aSnapshotContainsEachAccountOnce() throws Exception {
        Ledger ledger = new Ledger(store, Account.TRADES_IN);
        ledger.enter(Account.TRADES_IN);
        ledger.snapshot();
        ledger.enter(Account.TRADES_IN);
        ledger.snapshot();
        assertThat(postings().get()).containsExactly(new Posting(Account.TRADES_IN, 2));
    }

    @Test
    void refusesAnAccountThatTheOperatorDoesNotKeep() throws Exception {
        Ledger ledger = new Ledger(store, Account.TRADES_IN);
        assertThatThrownBy(() -> ledger.enter(Account.PARKED))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("this operator does not keep the account parked");
    }

    /** By name and type, as in a savepoint. */
    private ListState<Posting> postings() throws Exception {
        return store.getListState(new ListStateDescriptor<>("ledger", ModelTypes.POSTING));
    }
}
