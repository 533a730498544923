import type { Rng } from '../../numeric/rng';
import { type OrderRun, runsOf } from '../../snapshot/orders';
import type { Snapshot } from '../../snapshot/snapshot';
import { historiesOf } from '../histories';

/** Liked products of every user who has at least two: one entry per product, in order of its last event. */
export interface Sequences {
  /** Entries of sequence s are [offsets[s], offsets[s + 1]). */
  readonly offsets: Uint32Array;
  readonly productRows: Uint32Array;
  /** Entries of one order, whose sequence every epoch draws anew. */
  readonly orders: readonly OrderRun[];
}

/** Sequences of a snapshot's users, without those who have fewer than two liked products. */
export function sequencesOf(snapshot: Snapshot): Sequences {
  const histories = historiesOf(snapshot);
  const same = Int32Array.from({ length: snapshot.products.size }, (_, row) => row);
  const offsets = [0];
  const productRows = new Uint32Array(histories.preferences.indices.length);
  const orders: OrderRun[] = [];
  let end = 0;
  for (let user = 0; user < snapshot.users.size; user++) {
    const { productRows: rows, weights, occurredAt } = histories.of(user, same);
    const isLiked = (_: number, entry: number): boolean => weights[entry] > 0;
    const liked = rows.filter(isLiked);
    if (liked.length < 2) continue;
    productRows.set(liked, end);
    for (const run of runsOf(occurredAt.filter(isLiked)))
      orders.push({ start: end + run.start, end: end + run.end });
    end += liked.length;
    offsets.push(end);
  }
  return { offsets: Uint32Array.from(offsets), productRows: productRows.slice(0, end), orders };
}

/** Part of a sequence: entries [start, end) are inputs, and the target of each is the entry after it. */
export interface Window {
  readonly start: number;
  readonly end: number;
}

/**
 * Cuts sequences into windows of at most `span` inputs, in random order. Every entry but a user's first is a target once.
 * Each call draws where longer sequences are cut.
 */
export function drawWindows({ offsets }: Sequences, span: number, rng: Rng): Window[] {
  const windows: Window[] = [];
  for (let sequence = 0; sequence + 1 < offsets.length; sequence++) {
    const last = offsets[sequence + 1] - 1;
    let start = offsets[sequence];
    let end = last - start <= span ? last : start + 1 + rng.int(span);
    while (start < last) {
      windows.push({ start, end });
      start = end;
      end = Math.min(last, end + span);
    }
  }
  const order = rng.shuffle(Uint32Array.from(windows.keys()));
  return Array.from(order, place => windows[place]);
}

/** Windows in batches of as many as fit into `batchSize` inputs, at least one per batch. */
export function batchesOf(windows: readonly Window[], batchSize: number): (readonly Window[])[] {
  const batches: (readonly Window[])[] = [];
  let [start, inputs] = [0, 0];
  for (const [index, window] of windows.entries()) {
    const length = window.end - window.start;
    if (inputs + length > batchSize && index > start) {
      batches.push(windows.slice(start, index));
      [start, inputs] = [index, 0];
    }
    inputs += length;
  }
  if (start < windows.length) batches.push(windows.slice(start));
  return batches;
}
