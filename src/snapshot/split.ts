import { digestOf } from './digest';
import { eventWeightOf } from './eventWeight';
import { orderInstantsOf } from './orders';
import type { EventColumns, Snapshot } from './snapshot';

/** Products that each user liked after the end of the training data and had no event with before it. */
export interface HeldOut {
  /** Held-out products of user row u are [offsets[u], offsets[u + 1]). Length users.size + 1. */
  readonly offsets: Uint32Array;
  /** Product rows, ascending and distinct within a user. */
  readonly productRows: Uint32Array;
}

/** A snapshot split into training data and the products that the model must then find. Both keep the snapshot's rows. */
export interface Split {
  /** Same vocabularies, fewer events: some users and products may have none. */
  readonly train: Snapshot;
  readonly heldOut: HeldOut;
}

function pick(events: EventColumns, kept: Uint32Array): EventColumns {
  return {
    length: kept.length,
    productRow: Uint32Array.from(kept, event => events.productRow[event]),
    type: Uint8Array.from(kept, event => events.type[event]),
    value: Float32Array.from(kept, event => events.value[event]),
    occurredAt: Float64Array.from(kept, event => events.occurredAt[event]),
    session: Uint32Array.from(kept, event => events.session[event]),
    order: Uint32Array.from(kept, event => events.order[event]),
  };
}

/** Returns the snapshot with only the events for which `keeps` is true, and without texts; rows and vocabularies stay. */
export async function withEvents(
  snapshot: Snapshot,
  asOf: number,
  keeps: (event: number) => boolean,
): Promise<Snapshot> {
  const { users, products, events, userOffsets, documents, documentVectors, eventWeights } = snapshot;
  const kept = new Uint32Array(events.length);
  const offsets = new Uint32Array(userOffsets.length);
  let count = 0;
  for (let user = 0; user < users.size; user++) {
    for (let event = userOffsets[user]; event < userOffsets[user + 1]; event++) {
      if (keeps(event)) kept[count++] = event;
    }
    offsets[user + 1] = count;
  }
  const picked = pick(events, kept.subarray(0, count));
  const digest = await digestOf(asOf, { users, products }, picked, offsets, {
    eventWeights,
    ...(documents && { documents }),
  });
  return Object.freeze({
    asOf,
    users,
    products,
    events: Object.freeze(picked),
    userOffsets: offsets,
    ...(documents && { documents }),
    ...(documentVectors && { documentVectors }),
    eventWeights,
    digest,
  });
}

/** Returns held-out products from one list per user. */
export function heldOutOf(lists: readonly (readonly number[])[]): HeldOut {
  const offsets = new Uint32Array(lists.length + 1);
  for (const [user, list] of lists.entries()) offsets[user + 1] = offsets[user] + list.length;
  const productRows = new Uint32Array(offsets[lists.length]);
  for (const [user, list] of lists.entries()) {
    productRows.set(
      list.toSorted((a, b) => a - b),
      offsets[user],
    );
  }
  return { offsets, productRows };
}

/**
 * Splits at one instant: the latest `share` of the events is held out. Events of the same instant stay together, as do those of
 * an order (orders.ts), so it may be less. A user's held-out products have a positive event after the cut and no event before
 * it. All users share one instant, so a model never sees another user's future (Ji et al. 2023, "A critical study
 * on data leakage in recommender system offline evaluation").
 *
 * @param share - 0 < share < 1
 */
export async function splitByTime(snapshot: Snapshot, share: number): Promise<Split> {
  if (!(share > 0 && share < 1)) throw new RangeError(`Expected a share between 0 and 1; got ${share}.`);
  const { events, userOffsets, users, eventWeights } = snapshot;
  const instants = orderInstantsOf(events);
  const times = instants.slice().sort();
  const cut = times[Math.max(0, Math.ceil(times.length * (1 - share)) - 1)] ?? snapshot.asOf;
  const train = await withEvents(snapshot, cut, event => instants[event] <= cut);
  const lists: number[][] = [];
  for (let user = 0; user < users.size; user++) {
    const met = new Set<number>();
    const liked = new Set<number>();
    for (let event = userOffsets[user]; event < userOffsets[user + 1]; event++) {
      const product = events.productRow[event];
      if (instants[event] <= cut) met.add(product);
      else if (eventWeightOf(events.type[event], events.value[event], eventWeights) > 0) liked.add(product);
    }
    lists.push([...liked].filter(product => !met.has(product)));
  }
  return { train, heldOut: heldOutOf(lists) };
}

/** An order in which a user met products for the first time. */
interface Discovery {
  /** The order's first event. */
  readonly start: number;
  /** Rows of the products that are in no earlier order; at least one. */
  readonly productRows: readonly number[];
}

/**
 * Returns the last order of a user's events [start, end) with a product that is in no order before it; null when no order has
 * one but the first.
 */
function lastDiscovery({ productRow, order }: EventColumns, start: number, end: number): Discovery | null {
  const met = new Set<number>();
  let last: Discovery | null = null;
  for (let from = start; from < end; ) {
    let to = from;
    const found = new Set<number>();
    for (; to < end && order[to] === order[from]; to++)
      if (!met.has(productRow[to])) found.add(productRow[to]);
    if (met.size > 0 && found.size > 0) last = { start: from, productRows: [...found] };
    for (const row of found) met.add(row);
    from = to;
  }
  return last;
}

/**
 * Holds out, for every user with products in at least two orders, the last order (orders.ts) with a product that was new to
 * them: all its new products are to be found, each is right. That order and all later events of the user leave the training
 * part. An event without another at its instant is an order of its own, so data without equal times lose one product per
 * user. `back` 1 holds out the order before that instead, for validation: the test order is then in neither part.
 */
export async function leaveLastOut(snapshot: Snapshot, back: 0 | 1 = 0): Promise<Split> {
  const { events, userOffsets, users } = snapshot;
  const ends = new Uint32Array(users.size);
  const lists: (readonly number[])[] = [];
  for (let user = 0; user < users.size; user++) {
    const start = userOffsets[user];
    let found = lastDiscovery(events, start, userOffsets[user + 1]);
    ends[user] = found?.start ?? userOffsets[user + 1];
    if (back === 1 && found !== null) {
      found = lastDiscovery(events, start, found.start);
      ends[user] = found?.start ?? ends[user];
    }
    lists.push(found?.productRows ?? []);
  }
  let user = 0;
  const train = await withEvents(snapshot, snapshot.asOf, event => {
    while (event >= userOffsets[user + 1]) user++;
    return event < ends[user];
  });
  return { train, heldOut: heldOutOf(lists) };
}
