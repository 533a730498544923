import { historiesOf } from '../models/histories';
import { createRng } from '../numeric/rng';
import type { Snapshot } from '../snapshot/snapshot';
import { leaveLastOut } from '../snapshot/split';
import type { Questions } from './questions';
import { type Ids, type Rows, snapshotOfRows } from './rows';
import { drawRows } from './sampled';

/** Targets, each with its own list of negatives. Indices refer to the tables of ids. */
export interface NegativeList {
  readonly user: Uint32Array;
  readonly target: Uint32Array;
  /** Negatives of question q are [offsets[q], offsets[q + 1]). */
  readonly offsets: Uint32Array;
  readonly negatives: Uint32Array;
}

/** A target of a user and the candidates to rank it among, in rows of the catalogue. */
interface Among {
  readonly user: number;
  readonly target: number;
  readonly candidates: Uint32Array;
}

function questionsAmong(train: Snapshot, list: readonly Among[]): Questions {
  const histories = historiesOf(train);
  const sorted = list.toSorted((a, b) => a.user - b.user);
  return {
    train,
    userRows: Uint32Array.from(sorted, ({ user }) => user),
    of(index, scorerRows) {
      const { user, target, candidates } = sorted[index];
      return {
        history: histories.of(user, scorerRows),
        relevant: Uint32Array.of(target),
        excluded: new Uint32Array(0),
        candidates,
      };
    },
  };
}

/** Questions that rank each target among its fixed negatives (He et al. 2017, NCF). Training uses all rows. */
export async function negativesQuestions(ids: Ids, rows: Rows, list: NegativeList): Promise<Questions> {
  const train = await snapshotOfRows(ids, rows);
  const rowOf = (product: number): number => train.products.rowOf(ids.productIds[product]);
  const questions = Array.from(list.user, (user, index) => ({
    user: train.users.rowOf(ids.userIds[user]),
    target: rowOf(list.target[index]),
    candidates: Uint32Array.from(
      list.negatives.subarray(list.offsets[index], list.offsets[index + 1]),
      rowOf,
    ),
  }));
  return questionsAmong(train, questions);
}

/** Number of random products besides the target, as in the published lists. */
const drawnNegatives = 99;

/**
 * Validation questions of the same form, made without the test lists. The target is the last product of each user in
 * training that was new to them, drawn among the new ones where the last order has several; training loses that order. It is
 * ranked among 99 products, drawn without replacement from
 * those that the user does not have in training.
 */
export async function validationNegativesQuestions(ids: Ids, rows: Rows, seed: number): Promise<Questions> {
  const whole = await snapshotOfRows(ids, rows);
  const { train, heldOut } = await leaveLastOut(whole);
  const rng = createRng(seed);
  const questions: Among[] = [];
  for (let user = 0; user < whole.users.size; user++) {
    const found = heldOut.productRows.subarray(heldOut.offsets[user], heldOut.offsets[user + 1]);
    if (found.length === 0) continue;
    const target = found.length === 1 ? found[0] : found[rng.int(found.length)];
    const met = whole.events.productRow.subarray(whole.userOffsets[user], whole.userOffsets[user + 1]);
    const candidates = drawRows(rng, whole.products.size, new Set(met), drawnNegatives);
    questions.push({ user, target, candidates });
  }
  return questionsAmong(train, questions);
}
