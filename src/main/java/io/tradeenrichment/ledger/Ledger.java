package io.tradeenrichment.ledger;

import io.tradeenrichment.model.Account;
import io.tradeenrichment.state.Posting;
import io.tradeenrichment.types.ModelTypes;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/**
 * One subtask's part of the control totals: how many trades stand in each account. Only the sum over all subtasks of
 * all operators means something; it survives failures, rescaling and upgrades, since it is operator state.
 *
 * <p>The same numbers are shown as accumulators, which the web UI and the job's result carry, and as gauges. Used from
 * the task's thread; entering a trade is one addition.
 */
public final class Ledger {
    /** Layout of each entry: see the serializer of {@link Posting}. */
    private static final ListStateDescriptor<Posting> POSTINGS =
            new ListStateDescriptor<>("ledger", ModelTypes.POSTING);

    private final Map<Account, LongCounter> accounts = new EnumMap<>(Account.class);
    private final ListState<Posting> postings;

    /** Brings the accounts back from state. This operator may enter trades in the given accounts, and in no others. */
    public Ledger(OperatorStateStore store, Account... kept) throws Exception {
        for (Account account : kept) {
            accounts.put(account, new LongCounter());
        }
        postings = store.getListState(POSTINGS);
        // After rescaling, a subtask takes over the postings of several, or of none: the sum stays.
        for (Posting posting : postings.get()) {
            enter(posting.account(), posting.trades());
        }
    }

    /** What stands in each account, in the state of all subtasks that the store holds; for reading a savepoint. */
    public static Map<Account, Long> read(OperatorStateStore store) throws Exception {
        Map<Account, Long> totals = new EnumMap<>(Account.class);
        for (Posting posting : store.getListState(POSTINGS).get()) {
            totals.merge(posting.account(), posting.trades(), Long::sum);
        }
        return totals;
    }

    /** Shows the accounts; once per attempt. */
    public void show(RuntimeContext context) {
        MetricGroup group = context.getMetricGroup().addGroup("ledger");
        accounts.forEach((account, trades) -> {
            context.addAccumulator(account.title(), trades);
            group.gauge(account.title(), (Gauge<Long>) trades::getLocalValue);
        });
    }

    public void enter(Account account) {
        enter(account, 1);
    }

    /** @param trades negative to take trades out again */
    public void enter(Account account, long trades) {
        LongCounter counter = accounts.get(account);
        if (counter == null) {
            throw new IllegalStateException("this operator does not keep the account " + account.title());
        }
        counter.add(trades);
    }

    public void snapshot() throws Exception {
        List<Posting> now = new ArrayList<>();
        accounts.forEach((account, trades) -> now.add(new Posting(account, trades.getLocalValuePrimitive())));
        postings.update(now);
    }
}
