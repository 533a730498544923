import { eventWeightOf } from './eventWeight';
import type { EventColumns, Snapshot } from './snapshot';

/** The products of each user in order of time: the input of sequence models. */
export interface Steps {
  /** Steps of user row u are [offsets[u], offsets[u + 1]). Length users + 1. */
  readonly offsets: Uint32Array;
  /** A product may occur more than once, but not within an order. */
  readonly productRows: Uint32Array;
  /** Summed weight of each step's events, > 0. Same length as productRows. */
  readonly weights: Float32Array;
  /** Session number of each step, as in the snapshot. Same length as productRows. */
  readonly sessions: Uint32Array;
  /** Latest event of each step, milliseconds since the epoch. Same length as productRows. */
  readonly occurredAt: Float64Array;
  /** Order number of each step, as in the snapshot: steps of one order have no direction. Same length as productRows. */
  readonly orders: Uint32Array;
}

/** Steps so far. */
interface StepWriter {
  readonly productRows: Uint32Array;
  readonly weights: Float32Array;
  readonly sessions: Uint32Array;
  readonly occurredAt: Float64Array;
  readonly orders: Uint32Array;
  /** Type of the latest event of each step. */
  readonly types: Uint8Array;
  /** By product row: its latest step. */
  readonly stepOf: Int32Array;
  /** First step of the current user, and first step of the current order. */
  userStart: number;
  orderStart: number;
  /** First step of the order before. */
  beforeStart: number;
  end: number;
}

function writerOf(events: number, products: number): StepWriter {
  return {
    productRows: new Uint32Array(events),
    weights: new Float32Array(events),
    sessions: new Uint32Array(events),
    occurredAt: new Float64Array(events),
    orders: new Uint32Array(events),
    types: new Uint8Array(events),
    stepOf: new Int32Array(products).fill(-1),
    userStart: 0,
    orderStart: 0,
    beforeStart: 0,
    end: 0,
  };
}

/** Whether an event continues a step of an earlier order, as {@link stepsOf} defines it. */
function isContinued(writer: StepWriter, events: EventColumns, event: number, step: number): boolean {
  const { beforeStart, orderStart, sessions, types } = writer;
  return (
    step === beforeStart &&
    orderStart - beforeStart === 1 &&
    sessions[step] === events.session[event] &&
    types[step] !== events.type[event]
  );
}

/** Returns the step that an event belongs to; -1 for a new one. */
function stepFor(writer: StepWriter, events: EventColumns, event: number): number {
  const step = writer.stepOf[events.productRow[event]];
  if (step < writer.userStart) return -1;
  if (step >= writer.orderStart) return step;
  return isContinued(writer, events, event, step) ? step : -1;
}

/** Begins the order of an event, unless the last step belongs to it. */
function beginOrder(writer: StepWriter, order: number): void {
  const { orderStart, end, orders } = writer;
  if (end > orderStart && orders[orderStart] === order) return;
  if (end > orderStart) writer.beforeStart = orderStart;
  writer.orderStart = end;
}

function takeEvent(writer: StepWriter, events: EventColumns, event: number, weight: number): void {
  beginOrder(writer, events.order[event]);
  let step = stepFor(writer, events, event);
  if (step < 0) {
    step = writer.end++;
    writer.weights[step] = 0;
  }
  writer.orderStart = Math.min(writer.orderStart, step);
  writer.productRows[step] = events.productRow[event];
  writer.weights[step] += weight;
  writer.sessions[step] = events.session[event];
  writer.occurredAt[step] = events.occurredAt[event];
  writer.orders[step] = events.order[event];
  writer.types[step] = events.type[event];
  writer.stepOf[events.productRow[event]] = step;
}

/**
 * Returns the events with a weight above 0 as steps, by the snapshot's event weights. All events of a product in one order are
 * one step. A step that is alone in its order continues in the next order, if an event there has the same product and
 * session but another type (a view, then the cart). That event adds its weight, and the step then belongs to the later order. An event of the same type is a step of its own: the shopper came back.
 */
export function stepsOf(snapshot: Snapshot): Steps {
  const { events, userOffsets, users, products, eventWeights } = snapshot;
  const offsets = new Uint32Array(users.size + 1);
  const writer = writerOf(events.length, products.size);
  for (let user = 0; user < users.size; user++) {
    writer.userStart = writer.end;
    writer.orderStart = writer.end;
    writer.beforeStart = writer.end;
    for (let event = userOffsets[user]; event < userOffsets[user + 1]; event++) {
      const weight = eventWeightOf(events.type[event], events.value[event], eventWeights);
      if (weight > 0) takeEvent(writer, events, event, weight);
    }
    offsets[user + 1] = writer.end;
  }
  const { end } = writer;
  return {
    offsets,
    productRows: writer.productRows.slice(0, end),
    weights: writer.weights.slice(0, end),
    sessions: writer.sessions.slice(0, end),
    occurredAt: writer.occurredAt.slice(0, end),
    orders: writer.orders.slice(0, end),
  };
}
