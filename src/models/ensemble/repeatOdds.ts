import type { DueColumns, Scorer, ShopperHistory } from '../model';

/** Products that a shopper bought and likes, and the log-odds that they buy each again within 30 days. */
export interface Repeats {
  /** Rows of the scorer's products. */
  readonly rows: Uint32Array;
  readonly logOdds: Float64Array;
}

/** Finite for every probability. */
function logOddsOf(probability: number): number {
  const bounded = Math.min(1 - 1e-12, Math.max(1e-12, probability));
  return Math.log(bounded / (1 - bounded));
}

/**
 * Returns the log-odds of buying again. A bought product that the shopper dislikes by now is left out, as is one of which the
 * model knows nothing.
 */
export function repeatsOf(scorer: Pick<Scorer<'buyAgain'>, 'dueInto'>, history: ShopperHistory): Repeats {
  const { length } = history.productRows;
  const columns: DueColumns = {
    within7Days: new Float64Array(length),
    within30Days: new Float64Array(length),
    dueAt: new Float64Array(length),
  };
  if (history.purchases !== undefined) scorer.dueInto(history, columns);
  const bought = [...columns.within30Days.keys()].filter(
    entry =>
      history.weights[entry] > 0 &&
      (history.purchases?.orders[entry] ?? 0) > 0 &&
      Number.isFinite(columns.within30Days[entry]),
  );
  return {
    rows: Uint32Array.from(bought, entry => history.productRows[entry]),
    logOdds: Float64Array.from(bought, entry => logOddsOf(columns.within30Days[entry])),
  };
}
