import { digestOf } from './digest';
import { eventWeightOf } from './eventWeight';
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
 * Splits at one instant: the latest `share` of the events is held out. Events of the same instant stay together, so it
 * may be less. A user's held-out products have a positive event after the cut and no event before it. All users share one
 * instant, so a model never sees another user's future (Ji et al. 2023, "A critical study on data leakage in recommender
 * system offline evaluation").
 *
 * @param share - 0 < share < 1
 */
export async function splitByTime(snapshot: Snapshot, share: number): Promise<Split> {
  if (!(share > 0 && share < 1)) throw new RangeError(`Expected a share between 0 and 1; got ${share}.`);
  const { events, userOffsets, users, eventWeights } = snapshot;
  const times = events.occurredAt.slice().sort();
  const cut = times[Math.max(0, Math.ceil(times.length * (1 - share)) - 1)] ?? snapshot.asOf;
  const train = await withEvents(snapshot, cut, event => events.occurredAt[event] <= cut);
  const lists: number[][] = [];
  for (let user = 0; user < users.size; user++) {
    const met = new Set<number>();
    const liked = new Set<number>();
    for (let event = userOffsets[user]; event < userOffsets[user + 1]; event++) {
      const product = events.productRow[event];
      if (events.occurredAt[event] <= cut) met.add(product);
      else if (eventWeightOf(events.type[event], events.value[event], eventWeights) > 0) liked.add(product);
    }
    lists.push([...liked].filter(product => !met.has(product)));
  }
  return { train, heldOut: heldOutOf(lists) };
}

/**
 * Returns the index of a user's first event with the product they discovered last, among events [start, end); -1 when
 * no such event has another product before it.
 */
function lastDiscovery(events: EventColumns, start: number, end: number): number {
  const met = new Set<number>();
  let last = -1;
  for (let event = start; event < end; event++) {
    const product = events.productRow[event];
    if (met.size > 0 && !met.has(product)) last = event;
    met.add(product);
  }
  return last;
}

/**
 * Holds out, for every user with at least two distinct products, the product they discovered last. That event and all
 * later ones of the user leave the training part. `back` 1 holds out the discovery before that instead, for validation:
 * the test event is then in neither part.
 */
export async function leaveLastOut(snapshot: Snapshot, back: 0 | 1 = 0): Promise<Split> {
  const { events, userOffsets, users } = snapshot;
  const ends = new Uint32Array(users.size);
  const lists: number[][] = [];
  for (let user = 0; user < users.size; user++) {
    const start = userOffsets[user];
    let cut = lastDiscovery(events, start, userOffsets[user + 1]);
    ends[user] = cut < 0 ? userOffsets[user + 1] : cut;
    if (back === 1 && cut >= 0) {
      cut = lastDiscovery(events, start, cut);
      if (cut >= 0) ends[user] = cut;
    }
    lists.push(cut < 0 ? [] : [events.productRow[cut]]);
  }
  let user = 0;
  const train = await withEvents(snapshot, snapshot.asOf, event => {
    while (event >= userOffsets[user + 1]) user++;
    return event < ends[user];
  });
  return { train, heldOut: heldOutOf(lists) };
}
