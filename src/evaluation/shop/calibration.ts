import { interactionCodes } from '../../domain/interaction';
import { historiesOf } from '../../models/histories';
import type { DueColumns, Scorer, ShopperHistory } from '../../models/model';
import { aucOf, calibrationErrorOf } from '../../numeric/classification';
import { orderInstantsOf } from '../../snapshot/orders';
import type { Snapshot } from '../../snapshot/snapshot';
import { withEvents } from '../../snapshot/split';

/** Days ahead for which a model says how likely a product is bought again. */
export const dueHorizons = [7, 30] as const;
/** One of {@link dueHorizons}. */
export type DueHorizon = (typeof dueHorizons)[number];

/** How well the probabilities of buying again agree with what came. */
export interface DueCalibration {
  readonly days: DueHorizon;
  /** The instant at which the model was asked; it had learned from nothing later. */
  readonly asOf: number;
  /** Shoppers with products that they had bought. */
  readonly pairs: number;
  /** Share of the pairs that were bought again within the days. */
  readonly boughtShare: number;
  readonly meanProbability: number;
  /** Expected calibration error over 15 bins of equal width. */
  readonly ece: number;
  /** Area under the ROC curve; NaN when all outcomes are equal. */
  readonly auc: number;
}

const msPerDay = 86_400_000;
/** With less of the events before the instant, the model is not asked: it would have learned from too little. */
const minLearnedShare = 0.5;

/**
 * Returns the events to learn from when the next `days` are to be known: those before the cut, or before an earlier instant where
 * the data end too soon. Null where less than half of the events are before it.
 *
 * @param train - the part of the snapshot before the cut
 */
export async function learnedBefore(
  snapshot: Snapshot,
  train: Snapshot,
  days: DueHorizon,
): Promise<Snapshot | null> {
  const instant = snapshot.asOf - days * msPerDay;
  if (instant >= train.asOf) return train;
  const instants = orderInstantsOf(snapshot.events);
  const count = instants.reduce((sum, at) => sum + Number(at <= instant), 0);
  if (count < minLearnedShare * snapshot.events.length) return null;
  return withEvents(snapshot, instant, event => instants[event] <= instant);
}

/** Returns the products that a user bought after `from`, up to `days` later. */
function boughtWithin(
  { events, userOffsets }: Snapshot,
  instants: Float64Array,
  from: number,
  days: DueHorizon,
): (user: number) => ReadonlySet<number> {
  const isWithin = (event: number): boolean =>
    events.type[event] === interactionCodes.PURCHASE &&
    instants[event] > from &&
    instants[event] <= from + days * msPerDay;
  return user => {
    const bought = new Set<number>();
    for (let event = userOffsets[user]; event < userOffsets[user + 1]; event++)
      if (isWithin(event)) bought.add(events.productRow[event]);
    return bought;
  };
}

function dueColumnsOf({ productRows: { length } }: ShopperHistory): DueColumns {
  return {
    within7Days: new Float64Array(length),
    within30Days: new Float64Array(length),
    dueAt: new Float64Array(length),
  };
}

/**
 * Asks at the end of the training part, for every shopper and every product that they bought, how likely they buy it again, and
 * compares with what they bought then.
 *
 * @param snapshot - with at least `days` after the end of the training part
 */
export function dueCalibrationOf(
  scorer: Scorer<'buyAgain'>,
  snapshot: Snapshot,
  train: Snapshot,
  days: DueHorizon,
): DueCalibration {
  const histories = historiesOf(train);
  const rows = Int32Array.from({ length: train.products.size }, (_, row) =>
    scorer.products.rowOf(train.products.idOf(row)),
  );
  const boughtOf = boughtWithin(snapshot, orderInstantsOf(snapshot.events), train.asOf, days);
  const [probabilities, outcomes]: [number[], number[]] = [[], []];
  for (let user = 0; user < train.users.size; user++) {
    const history = histories.of(user, rows);
    const orders = history.purchases?.orders;
    if (orders === undefined) continue;
    const due = dueColumnsOf(history);
    scorer.dueInto(history, due);
    const own = days === 7 ? due.within7Days : due.within30Days;
    const bought = new Set([...boughtOf(user)].map(row => rows[row]));
    for (const [entry, product] of history.productRows.entries()) {
      if (orders[entry] === 0 || Number.isNaN(own[entry])) continue;
      probabilities.push(own[entry]);
      outcomes.push(Number(bought.has(product)));
    }
  }
  const meanOf = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    days,
    asOf: train.asOf,
    pairs: outcomes.length,
    boughtShare: meanOf(outcomes),
    meanProbability: meanOf(probabilities),
    ece: calibrationErrorOf(probabilities, outcomes),
    auc: aucOf(probabilities, outcomes),
  };
}
