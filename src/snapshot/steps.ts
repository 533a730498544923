import { eventWeightOf } from './eventWeight';
import { defaultEventWeights, type EventWeights, type Snapshot } from './snapshot';

/** What each user went through, product by product in order of time: what models of sequences learn from. */
export interface Steps {
  /** Steps of user row u are [offsets[u], offsets[u + 1]). Length users + 1. */
  readonly offsets: Uint32Array;
  /** A product may come again. */
  readonly productRows: Uint32Array;
  /** Summed weight of each step's events, > 0. Same length as productRows. */
  readonly weights: Float32Array;
  /** Session number of each step, as in the snapshot. Same length as productRows. */
  readonly sessions: Uint32Array;
  /** Latest event of each step, milliseconds since the epoch. Same length as productRows. */
  readonly occurredAt: Float64Array;
}

/**
 * The events that say a user liked a product (weight > 0), as steps. An event with the very product and session of the
 * step before it, but of another type (a view, then the cart), is no step of its own, for nobody went anywhere: it adds
 * its weight to that step. An event of the same type is: the shopper came back.
 */
export function stepsOf(snapshot: Snapshot, eventWeights: EventWeights = defaultEventWeights): Steps {
  const { events, userOffsets, users } = snapshot;
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
