import { topKInto } from '../../numeric/topK';
import { holdOutShare } from '../../snapshot/holdOutShare';
import type { Snapshot } from '../../snapshot/snapshot';
import { type HeldOut, leaveLastOut, type Split } from '../../snapshot/split';
import { historiesOf } from '../histories';
import type { Scorer } from '../model';
import { createStandardizer } from './standardize';
import type { TrialQuestion } from './weights';

/** Best products of each part that a question keeps: what none of them puts so high, no sum of them puts in the list. */
const candidatesOfPart = 100;

/** True when some user's events lie at more than one instant. */
function hasOrder({ events, userOffsets }: Snapshot): boolean {
  for (let user = 0; user + 1 < userOffsets.length; user++) {
    for (let event = userOffsets[user] + 1; event < userOffsets[user + 1]; event++) {
      if (events.occurredAt[event] !== events.occurredAt[event - 1]) return true;
    }
  }
  return false;
}

/** The last new product of every user, or a random share of the products where the events have no order. */
export function trialSplit(snapshot: Snapshot, share: number, seed: number): Promise<Split> {
  return hasOrder(snapshot) ? leaveLastOut(snapshot) : holdOutShare(snapshot, share, seed);
}

/** Users with something held out, evenly spread, at most `limit`. */
function askedUsers({ offsets }: HeldOut, limit: number): readonly number[] {
  const users: number[] = [];
  for (let user = 0; user + 1 < offsets.length; user++)
    if (offsets[user + 1] > offsets[user]) users.push(user);
  const step = Math.max(1, users.length / limit);
  const count = Math.min(limit, users.length);
  return Array.from({ length: count }, (_, index) => users[Math.floor(index * step)]);
}

/** Standardised scores of every part for one user, what was met left out of the choice. */
function questionOf(
  rowsOfParts: readonly Float32Array[],
  met: Uint32Array,
  relevant: Uint32Array,
): TrialQuestion {
  const candidates = new Set<number>(relevant);
  const best = new Uint32Array(candidatesOfPart);
  const bestScores = new Float32Array(candidatesOfPart);
  for (const row of rowsOfParts) {
    for (const product of met) row[product] = Number.NaN;
    const count = topKInto(row, best, bestScores);
    for (let place = 0; place < count; place++) candidates.add(best[place]);
  }
  const products = Uint32Array.from(candidates);
  const scores = new Float32Array(rowsOfParts.length * products.length);
  for (const [part, row] of rowsOfParts.entries()) {
    for (const [index, product] of products.entries()) scores[part * products.length + index] = row[product];
  }
  return { scores, candidates: products.length, relevant: relevant.length };
}

/**
 * Asks every part about a sample of users. Users of whom no part can say anything are left out.
 *
 * @param scorers - trained on `split.train`, rows as in its products
 */
export function* trialQuestions(
  scorers: readonly Scorer[],
  { train, heldOut }: Split,
  limit: number,
): Generator<TrialQuestion> {
  const histories = historiesOf(train);
  const sameRows = Int32Array.from({ length: train.products.size }, (_, row) => row);
  const { standardize } = createStandardizer(train.products.size);
  const rowsOfParts = scorers.map(() => new Float32Array(train.products.size));
  const { indptr, indices } = histories.preferences;
  for (const user of askedUsers(heldOut, limit)) {
    const history = histories.of(user, sameRows);
    const met = indices.subarray(indptr[user], indptr[user + 1]);
    let isAnswered = false;
    for (const [part, scorer] of scorers.entries()) {
      scorer.scoreInto([history], rowsOfParts[part]);
      if (standardize(rowsOfParts[part], met)) isAnswered = true;
      else rowsOfParts[part].fill(0);
    }
    const relevant = heldOut.productRows.subarray(heldOut.offsets[user], heldOut.offsets[user + 1]);
    if (isAnswered) yield questionOf(rowsOfParts, met, relevant);
  }
}
