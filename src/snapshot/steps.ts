import { eventWeightOf } from './eventWeight';
import type { Snapshot } from './snapshot';

/** The products of each user in order of time: the input of sequence models. */
export interface Steps {
  /** Steps of user row u are [offsets[u], offsets[u + 1]). Length users + 1. */
  readonly offsets: Uint32Array;
  /** A product may occur more than once. */
  readonly productRows: Uint32Array;
  /** Summed weight of each step's events, > 0. Same length as productRows. */
  readonly weights: Float32Array;
  /** Session number of each step, as in the snapshot. Same length as productRows. */
  readonly sessions: Uint32Array;
  /** Latest event of each step, milliseconds since the epoch. Same length as productRows. */
  readonly occurredAt: Float64Array;
}

/**
 * Returns the events with a weight above 0 as steps, by the snapshot's event weights. An event with the product and
 * session of the step before it, but of another type (a view, then the cart), adds its weight to that step. An event of
 * the same type is a step of its own: the shopper came back.
 */
export function stepsOf(snapshot: Snapshot): Steps {
  const { events, userOffsets, users, eventWeights } = snapshot;
  const offsets = new Uint32Array(users.size + 1);
  const productRows = new Uint32Array(events.length);
  const weights = new Float32Array(events.length);
  const sessions = new Uint32Array(events.length);
  const occurredAt = new Float64Array(events.length);
  let end = 0;
  for (let user = 0; user < users.size; user++) {
    let lastType = -1;
    for (let event = userOffsets[user]; event < userOffsets[user + 1]; event++) {
      const weight = eventWeightOf(events.type[event], events.value[event], eventWeights);
      if (!(weight > 0)) continue;
      const isSame =
        end > offsets[user] &&
        productRows[end - 1] === events.productRow[event] &&
        sessions[end - 1] === events.session[event] &&
        lastType !== events.type[event];
      if (!isSame) weights[end++] = 0;
      productRows[end - 1] = events.productRow[event];
      weights[end - 1] += weight;
      sessions[end - 1] = events.session[event];
      occurredAt[end - 1] = events.occurredAt[event];
      lastType = events.type[event];
    }
    offsets[user + 1] = end;
  }
  return {
    offsets,
    productRows: productRows.slice(0, end),
    weights: weights.slice(0, end),
    sessions: sessions.slice(0, end),
    occurredAt: occurredAt.slice(0, end),
  };
}
