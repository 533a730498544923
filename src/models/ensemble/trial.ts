// The trial of an ensemble asks what the gate of a training asks (snapshot/chooseSplit.ts): which products, new to them, do
// shoppers choose after one instant that is the same for all? Budget: at most `trialUsers` shoppers, and per shopper the 100 best
// products of each part, the chosen ones, and 50 drawn from the rest of the catalogue, which stand for it. Memory: 4 bytes per
// part and such product, about 35 MB for 2,000 shoppers and seven parts, and one row of scores per part.

import { interactionCodes } from '../../domain/interaction';
import { createRng, type Rng } from '../../numeric/rng';
import { topKInto } from '../../numeric/topK';
import {
  chooseSplit,
  defaultHeldOutShare,
  defaultMinHeldOutUsers,
  type SplitProtocol,
} from '../../snapshot/chooseSplit';
import { eventWeightOf } from '../../snapshot/eventWeight';
import type { Snapshot } from '../../snapshot/snapshot';
import type { Split } from '../../snapshot/split';
import { can } from '../capability';
import { historiesOf } from '../histories';
import type { Scorer, ShopperHistory } from '../model';
import type { ChosenLater, Revisits } from './blend';
import type { TrialQuestion } from './quality';
import { repeatsOf } from './repeatOdds';
import { type RevisitLine, revisitColumns, revisitEntries, revisitInto } from './revisits';
import { createStandardizer } from './standardize';

/** Best products of each part that a question keeps: one that no part ranks this high is in no list of a sum. */
const candidatesOfPart = 100;
/** Products that a question draws from the rest of the catalogue, for ties with it. */
const maxDrawn = 50;

/** A trial before its parts are trained. */
export interface Trial {
  readonly snapshot: Snapshot;
  readonly split: Split;
  readonly protocol: SplitProtocol;
}

/** One shopper of a trial. */
export interface TrialAnswer {
  /** About products that the shopper had never met. */
  readonly question: TrialQuestion;
  /** What they bought of all that they had not bought before, viewed products included; null where they had viewed or bought none. */
  readonly unbought: TrialQuestion | null;
  /** What was bought after the cut; null when nothing was, or where that was not asked. */
  readonly bought: ChosenLater | null;
  /** What was liked after the cut, by the same rule. */
  readonly liked: ChosenLater | null;
}

/**
 * Splits the data of a trial: the same part of the events is held out as by the gate.
 *
 * @param drawnShare - of each shopper's products, where events have no order in time
 */
export async function trialOf(snapshot: Snapshot, drawnShare: number, seed: number): Promise<Trial> {
  const options = { share: defaultHeldOutShare, minUsers: defaultMinHeldOutUsers, drawnShare, seed };
  return { snapshot, ...(await chooseSplit(snapshot, options)) };
}

/** Products that a user chose after the cut. */
interface Later {
  readonly bought: ReadonlySet<number>;
  /** By the weights of the shop's events. */
  readonly liked: ReadonlySet<number>;
}

/** Returns what a user chose after the cut: the training part has the user's events before it. Nothing where products were drawn. */
function chosenLaterBy({ snapshot, split, protocol }: Trial, user: number): Later {
  const [bought, liked] = [new Set<number>(), new Set<number>()];
  if (protocol === 'drawn') return { bought, liked };
  const { events, userOffsets, eventWeights } = snapshot;
  const before = split.train.userOffsets[user + 1] - split.train.userOffsets[user];
  for (let event = userOffsets[user] + before; event < userOffsets[user + 1]; event++) {
    const [row, type] = [events.productRow[event], events.type[event]];
    if (type === interactionCodes.PURCHASE) bought.add(row);
    if (eventWeightOf(type, events.value[event], eventWeights) > 0) liked.add(row);
  }
  return { bought, liked };
}

/** Returns users with events before the cut and something to find after it, evenly spread, at most `limit`. */
function sampledUsers(trial: Trial, limit: number): readonly number[] {
  const { heldOut, train } = trial.split;
  const users: number[] = [];
  for (let user = 0; user + 1 < heldOut.offsets.length; user++) {
    if (train.userOffsets[user + 1] === train.userOffsets[user]) continue;
    const { bought, liked } = chosenLaterBy(trial, user);
    const hasNew = heldOut.offsets[user + 1] > heldOut.offsets[user];
    if (hasNew || bought.size > 0 || liked.size > 0) users.push(user);
  }
  const step = Math.max(1, users.length / limit);
  const count = Math.min(limit, users.length);
  return Array.from({ length: count }, (_, index) => users[Math.floor(index * step)]);
}

/** Returns a few products that are neither in a pool nor in a history, drawn by lot. */
function drawFromRest(
  rng: Rng,
  size: number,
  pool: ReadonlySet<number>,
  known: Uint32Array,
): ReadonlySet<number> {
  const isKnown = new Set(known);
  const drawn = new Set<number>();
  for (let tries = 0; tries < 2 * maxDrawn && drawn.size < maxDrawn; tries++) {
    const row = rng.int(size);
    if (!pool.has(row) && !isKnown.has(row)) drawn.add(row);
  }
  return drawn;
}

/** What a question is made of. */
interface Asked {
  /** Standardised scores per part; the excluded products lose theirs. */
  readonly rowsOfParts: readonly Float32Array[];
  /** Rows of products of the history that are no candidates. */
  readonly excluded: Uint32Array;
  readonly relevant: Uint32Array;
}

/** Sorts products by the plain sum of their scores, so that the choice of weights finds the first of most sums early. */
function bestFirst(rowsOfParts: readonly Float32Array[], products: readonly number[]): readonly number[] {
  const sums = new Map<number, number>();
  for (const product of products)
    sums.set(
      product,
      rowsOfParts.reduce((sum, row) => sum + row[product], 0),
    );
  return products.toSorted((a, b) => (sums.get(b) ?? 0) - (sums.get(a) ?? 0) || a - b);
}

/** The rows of the candidates of a question. */
interface Candidates {
  readonly products: Uint32Array;
  readonly drawn: number;
  readonly drawnWeight: number;
}

/** Returns the candidates of a question: the relevant ones, the best of each part, and drawn ones. */
function candidatesOf({ rowsOfParts, excluded, relevant }: Asked, rng: Rng): Candidates {
  const pool = new Set<number>(relevant);
  const best = new Uint32Array(candidatesOfPart);
  const bestScores = new Float32Array(candidatesOfPart);
  for (const row of rowsOfParts) {
    for (const product of excluded) row[product] = Number.NaN;
    const count = topKInto(row, best, bestScores);
    for (let place = 0; place < count; place++) pool.add(best[place]);
  }
  const size = rowsOfParts[0].length;
  const drawn = drawFromRest(rng, size, pool, excluded);
  const rest = Math.max(0, size - excluded.length - pool.size);
  return {
    products: Uint32Array.of(
      ...relevant,
      ...bestFirst(rowsOfParts, [...pool].slice(relevant.length)),
      ...drawn,
    ),
    drawn: drawn.size,
    drawnWeight: rest / Math.max(1, drawn.size),
  };
}

/** Returns the standardised scores of every part for the candidates. */
function questionOf(
  { rowsOfParts, relevant }: Asked,
  { products, drawn, drawnWeight }: Candidates,
): TrialQuestion {
  const scores = new Float32Array(rowsOfParts.length * products.length);
  for (const [part, row] of rowsOfParts.entries()) {
    for (const [index, product] of products.entries()) scores[part * products.length + index] = row[product];
  }
  return { scores, candidates: products.length, relevant: relevant.length, drawn, drawnWeight };
}

/**
 * Returns the question about all products that the shopper had not bought. Lists show products that a shopper viewed, so the parts must
 * rank them among the others; null where it would ask nothing that the question about new products does not ask.
 *
 * @param bought - rows of products bought after the cut
 */
function unboughtQuestionOf(
  rowsOfParts: readonly Float32Array[],
  { productRows, weights, purchases }: ShopperHistory,
  bought: ReadonlySet<number>,
  rng: Rng,
): TrialQuestion | null {
  const isViewed = (entry: number): boolean =>
    weights[entry] > 0 && !(purchases && purchases.orders[entry] > 0);
  const excluded = productRows.filter((_, entry) => !isViewed(entry));
  if (excluded.length === productRows.length) return null;
  const isExcluded = new Set(excluded);
  const relevant = Uint32Array.from([...bought].filter(row => !isExcluded.has(row)));
  if (relevant.length === 0) return null;
  const asked = { rowsOfParts, excluded, relevant };
  return questionOf(asked, candidatesOf(asked, rng));
}

/** Products of a history that take part: at most this many, the latest. */
const maxRevisits = 200;

/** What one shopper of a trial is asked about. */
interface Shown {
  readonly history: ShopperHistory;
  /** Standardised scores per part. */
  readonly rowsOfParts: readonly Float32Array[];
  /** Null without a part that tells repeats. */
  readonly teller: Scorer<'buyAgain'> | null;
}

function revisitsOf(
  { history, rowsOfParts }: Shown,
  covers: RevisitLine['covers'],
): (isChosen: (row: number) => number) => Revisits {
  const entries = revisitEntries(history, covers).slice(-maxRevisits);
  const rows = Uint32Array.from(entries, entry => history.productRows[entry]);
  const scores = new Float32Array(rowsOfParts.length * rows.length);
  const columns = new Float64Array(rows.length * revisitColumns);
  for (const [place, entry] of entries.entries()) {
    for (const [part, own] of rowsOfParts.entries()) scores[part * rows.length + place] = own[rows[place]];
    revisitInto(history, entry, columns.subarray(place * revisitColumns, (place + 1) * revisitColumns));
  }
  return isChosen => ({ scores, columns, isChosen: Uint8Array.from(rows, isChosen) });
}

/** Returns what becomes of a set of chosen products; null for an empty one. */
function laterReader(
  shown: Shown,
): (chosen: ReadonlySet<number>, candidates: Uint32Array) => ChosenLater | null {
  const { teller, history } = shown;
  const repeats =
    teller === null ? { rows: new Uint32Array(), logOdds: new Float64Array() } : repeatsOf(teller, history);
  // Without a part that tells repeats, nothing is one.
  const viewedOf = revisitsOf(shown, teller === null ? 'met' : 'viewed');
  const metOf = revisitsOf(shown, 'met');
  const firstPurchase = teller?.firstPurchaseOf(history) ?? 0;
  return (chosen, candidates) => {
    const isChosen = (row: number): number => Number(chosen.has(row));
    if (chosen.size === 0) return null;
    return {
      repeats,
      firstPurchase,
      isRepeated: Uint8Array.from(repeats.rows, isChosen),
      viewed: viewedOf(isChosen),
      met: metOf(isChosen),
      isChosen: Uint8Array.from(candidates, isChosen),
      count: chosen.size,
    };
  };
}

/**
 * Scores a sample of users with every part. Users for whom no part has scores are left out.
 *
 * @param scorers - at least one, trained on the trial's training part, rows as in its products
 * @param limit - of users
 * @param seed - of the products drawn from the rest of the catalogue
 */
export function* trialAnswers(
  scorers: readonly Scorer[],
  trial: Trial,
  limit: number,
  seed: number,
): Generator<TrialAnswer> {
  const { train, heldOut } = trial.split;
  const histories = historiesOf(train);
  const sameRows = Int32Array.from({ length: train.products.size }, (_, row) => row);
  const { standardize } = createStandardizer(train.products.size);
  const rowsOfParts = scorers.map(() => new Float32Array(train.products.size));
  const found = scorers.find(scorer => can(scorer, 'buyAgain'));
  const teller = found !== undefined && can(found, 'buyAgain') ? found : null;
  const rng = createRng(seed);
  const { indptr, indices } = histories.preferences;
  for (const user of sampledUsers(trial, limit)) {
    const history = histories.of(user, sameRows);
    const known = indices.subarray(indptr[user], indptr[user + 1]);
    let isScored = false;
    for (const [part, scorer] of scorers.entries()) {
      scorer.scoreInto([history], rowsOfParts[part]);
      if (standardize(rowsOfParts[part], known)) isScored = true;
      else rowsOfParts[part].fill(0);
    }
    if (!isScored) continue;
    const { bought, liked } = chosenLaterBy(trial, user);
    // First: the other question takes the scores of viewed products away.
    const laterOf = laterReader({ history, rowsOfParts, teller });
    const unbought = unboughtQuestionOf(rowsOfParts, history, bought, rng);
    const relevant = heldOut.productRows.subarray(heldOut.offsets[user], heldOut.offsets[user + 1]);
    const asked = { rowsOfParts, excluded: known, relevant };
    const candidates = candidatesOf(asked, rng);
    yield {
      question: questionOf(asked, candidates),
      unbought,
      bought: laterOf(bought, candidates.products),
      liked: laterOf(liked, candidates.products),
    };
  }
}
