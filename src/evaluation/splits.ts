import { type Pairs, snapshotFromPairs } from '../snapshot/fromPairs';
import { leaveLastOut, type Split } from '../snapshot/split';

/** Bare pairs in the order of the file, without times. */
export type UntimedPairs = Omit<Pairs, 'occurredAt'>;

/** A ranking task: pairs to train on and pairs to find, with the same tables of ids. */
export interface RankingPairs {
  readonly userIds: readonly string[];
  readonly productIds: readonly string[];
  readonly train: { readonly user: Uint32Array; readonly product: Uint32Array };
  readonly test: { readonly user: Uint32Array; readonly product: Uint32Array };
}

/**
 * Returns the split that two files prescribe. The catalogue is all products of both files. Test pairs that are also in
 * the training file are dropped, because training products are not ranked; repeated test pairs count once.
 */
export async function rankingSplit(pairs: RankingPairs): Promise<Split> {
  const { userIds, productIds } = pairs;
  const train = await snapshotFromPairs({ userIds, productIds, ...pairs.train });
  const lists = Array.from({ length: train.users.size }, () => new Set<number>());
  for (const [index, product] of pairs.test.product.entries()) {
    lists[train.users.rowOf(userIds[pairs.test.user[index]])].add(train.products.rowOf(productIds[product]));
  }
  const { userOffsets, events } = train;
  const offsets = new Uint32Array(lists.length + 1);
  const rows: number[][] = [];
  for (const [user, list] of lists.entries()) {
    for (let event = userOffsets[user]; event < userOffsets[user + 1]; event++) {
      list.delete(events.productRow[event]);
    }
    rows.push([...list].sort((a, b) => a - b));
    offsets[user + 1] = offsets[user] + list.size;
  }
  return { train, heldOut: { offsets, productRows: Uint32Array.from(rows.flat()) } };
}

/**
 * Artificial time between two events of a user. Longer than a session's gap, so that each event is a session of its own:
 * the file has no sessions.
 */
const stepMs = 3_600_000;

/**
 * Returns the split of a next-item task. The pairs of a user are in time order. Times are artificial: one hour apart, with
 * the last event of every user at the same instant. `test` holds out the last product that was new to each user and
 * trains on everything before it, the validation product included. `validation` holds out the one before and trains on
 * everything before that. Users with fewer than two (three) distinct products are only trained on.
 */
export async function nextItemSplit(pairs: UntimedPairs, holdOut: 'test' | 'validation'): Promise<Split> {
  const counts = new Uint32Array(pairs.userIds.length);
  for (const user of pairs.user) counts[user]++;
  const longest = counts.reduce((max, count) => Math.max(max, count), 0);
  const position = Uint32Array.from(counts, count => longest - count);
  const occurredAt = Float64Array.from(pairs.user, user => position[user]++ * stepMs);
  const snapshot = await snapshotFromPairs({ ...pairs, occurredAt });
  return leaveLastOut(snapshot, holdOut === 'test' ? 0 : 1);
}
