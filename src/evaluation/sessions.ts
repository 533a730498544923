import type { ShopperHistory } from '../models/model';
import { clampPairWeight } from '../snapshot/eventWeight';
import { snapshotFromPairs } from '../snapshot/fromPairs';
import type { Snapshot } from '../snapshot/snapshot';
import type { Questions } from './questions';

/** Sessions of products, in the order in which they began. */
export interface SessionList {
  /** Items of session s are [offsets[s], offsets[s + 1]). */
  readonly offsets: Uint32Array;
  /** Index into the product ids, oldest first within a session. */
  readonly product: Uint32Array;
}

/** Beginnings of sessions and what came next. */
export interface PrefixList extends SessionList {
  /** Index into the product ids, one a prefix. */
  readonly target: Uint32Array;
}

/** Made-up time between two events of a session: far below the gap that would part it. */
const stepMs = 1000;
/** Made-up time between the beginnings of two sessions, so that their order in the file is their order in time. */
const betweenMs = 60_000;

/**
 * A snapshot in which every session is a user of one session. Times are made up: sessions begin a minute apart in the
 * order of the list, events are a second apart.
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
  // Padded, so that rows, which go by the ids, are in the order of the list.
  const digits = `${count}`.length;
  const userIds = Array.from(
    { length: count },
    (_, session) => `session-${`${session}`.padStart(digits, '0')}`,
  );
  return snapshotFromPairs({ userIds, productIds, user, product, occurredAt });
}

/**
 * The history of a session so far: one entry a product, at its last place, oldest last place first; its weight is how
 * often it came. Ends at `now`, a second a step.
 *
 * @param rows - rows in the scorer, oldest first; those below 0 are left out
 */
function historyOfPrefix(rows: Int32Array, now: number): ShopperHistory {
  const lastAt = new Map<number, number>();
  const times = new Map<number, number>();
  for (const [place, row] of rows.entries()) {
    if (row < 0) continue;
    // Deleted first, so that the map's order is that of the last places.
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

/** One question a prefix: what comes next, among all products of the catalogue, those of the prefix too. */
function questionsOfPrefixes(
  train: Snapshot,
  productIds: readonly string[],
  prefixes: PrefixList,
): Questions {
  const rowOf = Int32Array.from(productIds, id => train.products.rowOf(id));
  const { offsets, product, target } = prefixes;
  return {
    train,
    askers: Uint32Array.from(target.keys()),
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

/** The given prefixes, after training on all sessions. The catalogue is all of `productIds`. */
export async function sessionQuestions(
  productIds: readonly string[],
  sessions: SessionList,
  prefixes: PrefixList,
): Promise<Questions> {
  return questionsOfPrefixes(await snapshotOfSessions(productIds, sessions), productIds, prefixes);
}

/** Every beginning of every session with what came next, longest first: as SR-GNN (Wu et al. 2019) augments. */
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

/** What share of the sessions is held out. */
const heldOutShare = 0.1;

/**
 * Holds out the last tenth of the sessions and asks for every next item in them, the products that training does not
 * have left out (as in the published test files). `validation` holds out the tenth before that, and nobody sees the
 * last; `back` says how many tenths are left unseen at the end.
 */
export async function lastSessionsQuestions(
  productIds: readonly string[],
  { offsets, product }: SessionList,
  back: 0 | 1,
): Promise<Questions> {
  const count = offsets.length - 1;
  const share = Math.floor(count * heldOutShare);
  const end = count - back * share;
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
