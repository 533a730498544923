import { topKInto } from '../../numeric/topK';
import { holdOutLatest } from '../../snapshot/holdOutLatest';
import type { Snapshot } from '../../snapshot/snapshot';
import type { HeldOut, Split } from '../../snapshot/split';
import { historiesOf } from '../histories';
import type { Scorer } from '../model';
import { createStandardizer } from './standardize';
import type { TrialQuestion } from './weights';

/**
 * Best products of each part that a question keeps: a product that no part ranks this high enters no list of
 * a sum.
 */
const candidatesOfPart = 100;

/** With fewer users who have two orders, products are drawn. */
const minUsers = 30;

/**
 * Returns a split by the last order of every user with a new product, or by a drawn share of the products where too few users
 * have two orders.
 */
export async function trialSplit(snapshot: Snapshot, share: number, seed: number): Promise<Split> {
  const { split } = await holdOutLatest(snapshot, { minUsers, share, seed });
  return split;
}

/** Returns users with held-out products, evenly spread, at most `limit`. */
function sampledUsers({ offsets }: HeldOut, limit: number): readonly number[] {
  const users: number[] = [];
  for (let user = 0; user + 1 < offsets.length; user++)
    if (offsets[user + 1] > offsets[user]) users.push(user);
  const step = Math.max(1, users.length / limit);
  const count = Math.min(limit, users.length);
  return Array.from({ length: count }, (_, index) => users[Math.floor(index * step)]);
}

/** Returns the standardised scores of every part for one user; products of the history are not candidates. */
function questionOf(
  rowsOfParts: readonly Float32Array[],
  known: Uint32Array,
  relevant: Uint32Array,
): TrialQuestion {
  const candidates = new Set<number>(relevant);
  const best = new Uint32Array(candidatesOfPart);
  const bestScores = new Float32Array(candidatesOfPart);
  for (const row of rowsOfParts) {
    for (const product of known) row[product] = Number.NaN;
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
 * Scores a sample of users with every part. Users for whom no part has scores are left out.
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
  for (const user of sampledUsers(heldOut, limit)) {
    const history = histories.of(user, sameRows);
    const known = indices.subarray(indptr[user], indptr[user + 1]);
    let isScored = false;
    for (const [part, scorer] of scorers.entries()) {
      scorer.scoreInto([history], rowsOfParts[part]);
      if (standardize(rowsOfParts[part], known)) isScored = true;
      else rowsOfParts[part].fill(0);
    }
    const relevant = heldOut.productRows.subarray(heldOut.offsets[user], heldOut.offsets[user + 1]);
    if (isScored) yield questionOf(rowsOfParts, known, relevant);
  }
}
