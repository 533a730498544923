import { interactionCodes } from '../../domain/interaction';
import { eventWeightOf } from '../../snapshot/eventWeight';
import { orderInstantsOf } from '../../snapshot/orders';
import type { Snapshot } from '../../snapshot/snapshot';

/** The first event of each shopper with each product that they liked or bought, in no order. */
export interface Interests {
  readonly productRows: Uint32Array;
  /** Instants, milliseconds since the epoch. */
  readonly instants: Float64Array;
}

/** Purchases of all shoppers, each product once per order, in order of time. */
export interface Timelines {
  /** Lines of user row u are [offsets[u], offsets[u + 1]). Length users + 1. */
  readonly offsets: Uint32Array;
  readonly productRows: Uint32Array;
  /** Instants of the orders, milliseconds since the epoch. */
  readonly instants: Float64Array;
  readonly interests: Interests;
}

function interestsOf({ events, userOffsets, users, products, eventWeights }: Snapshot): Interests {
  const metBy = new Int32Array(products.size).fill(-1);
  const productRows = new Uint32Array(events.length);
  const instants = new Float64Array(events.length);
  let count = 0;
  for (let user = 0; user < users.size; user++) {
    for (let event = userOffsets[user]; event < userOffsets[user + 1]; event++) {
      const [row, type] = [events.productRow[event], events.type[event]];
      const isLiked = eventWeightOf(type, events.value[event], eventWeights) > 0;
      if (metBy[row] === user || !(isLiked || type === interactionCodes.PURCHASE)) continue;
      metBy[row] = user;
      productRows[count] = row;
      instants[count++] = events.occurredAt[event];
    }
  }
  return { productRows: productRows.slice(0, count), instants: instants.slice(0, count) };
}

/** Returns the purchases of a snapshot. O(events). */
export function timelinesOf(snapshot: Snapshot): Timelines {
  const { events, userOffsets, users, products } = snapshot;
  const orderAt = orderInstantsOf(events);
  const offsets = new Uint32Array(users.size + 1);
  const productRows = new Uint32Array(events.length);
  const instants = new Float64Array(events.length);
  const boughtIn = new Float64Array(products.size).fill(-1);
  let count = 0;
  for (let user = 0; user < users.size; user++) {
    for (let event = userOffsets[user]; event < userOffsets[user + 1]; event++) {
      const row = events.productRow[event];
      const isRepeatedLine = boughtIn[row] === events.order[event];
      if (events.type[event] !== interactionCodes.PURCHASE || isRepeatedLine) continue;
      boughtIn[row] = events.order[event];
      productRows[count] = row;
      instants[count++] = orderAt[event];
    }
    offsets[user + 1] = count;
  }
  return {
    offsets,
    productRows: productRows.slice(0, count),
    instants: instants.slice(0, count),
    interests: interestsOf(snapshot),
  };
}

/** Returns the line after the last one up to an instant, of the lines [start, end). */
export function lineAfter(instants: Float64Array, start: number, end: number, instant: number): number {
  let [low, high] = [start, end];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (instants[middle] <= instant) low = middle + 1;
    else high = middle;
  }
  return low;
}
