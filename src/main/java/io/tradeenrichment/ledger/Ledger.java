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
 * One subtask's part of the control totals: the number of trades in each account. Only the sum over all subtasks of all
 * operators is meaningful. It is operator state, so it survives failures, rescaling and upgrades.
 *
 * <p>The totals are also accumulators, which the web UI and the job result contain, and gauges. Task thread only; an
 * entry is one addition.
 */
public final class Ledger {
    /** Layout of each entry: see the serializer of {@link Posting}. */
    private static final ListStateDescriptor<Posting> POSTINGS =
            new ListStateDescriptor<>("ledger", ModelTypes.POSTING);

    private final Map<Account, LongCounter> accounts = new EnumMap<>(Account.class);
    private final ListState<Posting> postings;

    /** Restores the accounts from state. The operator may enter trades in these accounts only. */
    public Ledger(OperatorStateStore store, Account... ownAccounts) throws Exception {
        for (Account account : ownAccounts) {
            accounts.put(account, new LongCounter());
        }
        postings = store.getListState(POSTINGS);
        // After rescaling, a subtask restores the postings of several subtasks, or of none. The sum is the same.
        for (Posting posting : postings.get()) {
            enter(posting.account(), posting.trades());
        }
    }

    /** The totals in the state of all subtasks in the store. For reading a savepoint. */
    public static Map<Account, Long> read(OperatorStateStore store) throws Exception {
        Map<Account, Long> totals = new EnumMap<>(Account.class);
        for (Posting posting : store.getListState(POSTINGS).get()) {
            totals.merge(posting.account(), posting.trades(), Long::sum);
        }
        return totals;
    }

    /** Registers accumulators and gauges. Once per attempt. */
    public void register(RuntimeContext context) {
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
        List<Posting> current = new ArrayList<>();
        accounts.forEach((account, trades) -> current.add(new Posting(account, trades.getLocalValuePrimitive())));
        postings.update(current);
    }
}
