import { can } from '../../src/models/capability';
import type { Scorer, ShopperHistory } from '../../src/models/model';
import { purchaseLedgerOf } from '../../src/models/purchases';

/** The history with purchases: its first product twice, the second once, and no other. */
function withPurchases(history: ShopperHistory): ShopperHistory {
  const [first, second] = history.productRows;
  const [at] = history.occurredAt;
  const purchases = purchaseLedgerOf([
    [first, at - 20 * 86_400_000],
    [second, at - 20 * 86_400_000],
    [first, at],
  ]).of([...history.productRows]);
  return { ...history, ...(purchases && { purchases }) };
}

/** What is wrong with when a shopper buys again; nothing for a scorer that does not tell it. */
export function dueFailures(scorer: Scorer, history: ShopperHistory): readonly string[] {
  if (!can(scorer, 'buyAgain')) return [];
  const shopper = withPurchases(history);
  const columns = { within7Days: 12345, within30Days: 12345, dueAt: 12345 };
  const [within7Days, within30Days, dueAt] = Object.values(columns).map(value =>
    new Float64Array(shopper.productRows.length).fill(value),
  );
  scorer.dueInto(shopper, { within7Days, within30Days, dueAt });
  const first = scorer.firstPurchaseOf(shopper);
  const failures = Number.isFinite(first) ? [] : [`log-odds of ${first} of what is new to the shopper`];
  const dueFailures = Array.from(shopper.productRows.keys()).flatMap(entry => {
    const [week, month, due] = [within7Days[entry], within30Days[entry], dueAt[entry]];
    if (shopper.purchases?.orders[entry] === 0)
      return [week, month, due].every(Number.isNaN) ? [] : [`entry ${entry} was never bought, but is due`];
    if (!(week >= 0 && week <= month && month <= 1))
      return [`entry ${entry}: ${week} within 7 days and ${month} within 30 days`];
    return Number.isNaN(due) || due >= shopper.now ? [] : [`entry ${entry} is due in the past`];
  });
  return [...failures, ...dueFailures];
}
