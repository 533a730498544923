import type { ShopperHistory } from '../models/model';
import { clampPairWeight } from '../snapshot/eventWeight';
import { snapshotFromPairs } from '../snapshot/fromPairs';
import type { Snapshot } from '../snapshot/snapshot';
import type { Questions } from './questions';

/** Sessions of products, in order of their start. */
export interface SessionList {
  /** Items of session s are [offsets[s], offsets[s + 1]). */
  readonly offsets: Uint32Array;
  /** Index into the product ids, oldest first within a session. */
  readonly product: Uint32Array;
}

/** Session prefixes, each with the product that followed. */
export interface PrefixList extends SessionList {
  /** Index into the product ids, one per prefix. */
  readonly target: Uint32Array;
}

/** Artificial time between two events of a session, far below the gap that ends a session. */
const stepMs = 1000;
/** Artificial time between the starts of two sessions, which keeps the order of the file. */
const betweenMs = 60_000;

/**
 * Returns a snapshot in which every session is a user with one session. Times are artificial: sessions begin one minute
 * apart in the order of the list, events are one second apart.
 */
export function snapshotOfSessions(
  productIds: readonly string[],
  { offsets, product }: SessionList,
): Promise<Snapshot> {
  const count = offsets.length - 1;
  const user = new Uint32Array(product.length);
  const occurredAt = new Float64Array(product.length);
  for (let session = 0; session < count; session++) {
    for (let event = offsets[session]; event < offsets[session + 1]; event++) {
      user[event] = session;
      occurredAt[event] = session * betweenMs + (event - offsets[session]) * stepMs;
    }
  }
  // Rows are in order of the ids, so padding keeps the order of the list.
  const digits = `${count}`.length;
  const userIds = Array.from(
    { length: count },
    (_, session) => `session-${`${session}`.padStart(digits, '0')}`,
  );
  return snapshotFromPairs({ userIds, productIds, user, product, occurredAt });
}

/**
 * The history of an unfinished session: one entry per product, ordered by its last position. The weight is the number of
 * its events. The last event is at `now`, and events are one second apart.
 *
 * @param rows - rows in the scorer, oldest first; those below 0 are left out
 */
function historyOfPrefix(rows: Int32Array, now: number): ShopperHistory {
  const lastAt = new Map<number, number>();
  const times = new Map<number, number>();
  for (const [place, row] of rows.entries()) {
    if (row < 0) continue;
    // Deleting first keeps the map in the order of the last positions.
    lastAt.delete(row);
    lastAt.set(row, now - (rows.length - 1 - place) * stepMs);
    times.set(row, (times.get(row) ?? 0) + 1);
  }
  const productRows = Uint32Array.from(lastAt.keys());
  return {
    productRows,
    weights: Float32Array.from(productRows, row => clampPairWeight(times.get(row) ?? 0)),
    occurredAt: Float64Array.from(lastAt.values()),
    now,
  };
}

/** One question per prefix: the next product, among all products of the catalogue including those of the prefix. */
function questionsOfPrefixes(
  train: Snapshot,
  productIds: readonly string[],
  prefixes: PrefixList,
): Questions {
  const rowOf = Int32Array.from(productIds, id => train.products.rowOf(id));
  const { offsets, product, target } = prefixes;
  return {
    train,
    userRows: Uint32Array.from(target.keys()),
    of(index, scorerRows) {
      const items = product.subarray(offsets[index], offsets[index + 1]);
      const rows = Int32Array.from(items, item => scorerRows[rowOf[item]]);
      return {
        history: historyOfPrefix(rows, train.asOf + betweenMs + (items.length - 1) * stepMs),
        relevant: Uint32Array.of(rowOf[target[index]]),
        excluded: new Uint32Array(0),
      };
    },
  };
}

/** Questions for the given prefixes. Training uses all sessions; the catalogue is all of `productIds`. */
export async function sessionQuestions(
  productIds: readonly string[],
  sessions: SessionList,
  prefixes: PrefixList,
): Promise<Questions> {
  return questionsOfPrefixes(await snapshotOfSessions(productIds, sessions), productIds, prefixes);
}

/** All prefixes of all sessions with the next product, longest first: the augmentation of SR-GNN (Wu et al. 2019). */
function prefixesOf(sessions: readonly (readonly number[])[]): PrefixList {
  const offsets = [0];
  const product: number[] = [];
  const target: number[] = [];
  for (const items of sessions) {
    for (let length = items.length - 1; length >= 1; length--) {
      product.push(...items.slice(0, length));
      offsets.push(product.length);
      target.push(items[length]);
    }
  }
  const places = Uint32Array.from(offsets);
  return { offsets: places, product: Uint32Array.from(product), target: Uint32Array.from(target) };
}

/** Share of the sessions that is held out. */
const heldOutShare = 0.1;

/**
 * Holds out the last tenth of the sessions and asks for every next item in them. Products without training sessions are
 * left out, as in the published test files. With `skipLast` 1, the tenth before the last is held out and the last is
 * unused.
 */
export async function lastSessionsQuestions(
  productIds: readonly string[],
  { offsets, product }: SessionList,
  skipLast: 0 | 1,
): Promise<Questions> {
  const count = offsets.length - 1;
  const share = Math.floor(count * heldOutShare);
  const end = count - skipLast * share;
  const cut = end - share;
  const learned = { offsets: offsets.slice(0, cut + 1), product: product.slice(0, offsets[cut]) };
  const isKnown = new Uint8Array(productIds.length);
  for (const item of learned.product) isKnown[item] = 1;
  const asked: number[][] = [];
  for (let session = cut; session < end; session++) {
    const items = product.subarray(offsets[session], offsets[session + 1]);
    asked.push([...items.filter(item => isKnown[item] === 1)]);
  }
  const train = await snapshotOfSessions(productIds, learned);
  return questionsOfPrefixes(train, productIds, prefixesOf(asked));
}
