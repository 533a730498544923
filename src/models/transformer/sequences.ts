import type { Rng } from '../../numeric/rng';
import type { Snapshot } from '../../snapshot/snapshot';
import { historiesOf } from '../histories';

/** Liked products of every user who has two or more, one entry a product, in order of its last event. */
export interface Sequences {
  /** Entries of sequence s are [offsets[s], offsets[s + 1]). */
  readonly offsets: Uint32Array;
  readonly productRows: Uint32Array;
}

/** Sequences of a snapshot's users, those with under two liked products left out. */
export function sequencesOf(snapshot: Snapshot): Sequences {
  const histories = historiesOf(snapshot);
  const same = Int32Array.from({ length: snapshot.products.size }, (_, row) => row);
  const offsets = [0];
  const productRows = new Uint32Array(histories.preferences.indices.length);
  let end = 0;
  for (let user = 0; user < snapshot.users.size; user++) {
    const { productRows: rows, weights } = histories.of(user, same);
    const liked = rows.filter((_, entry) => weights[entry] > 0);
    if (liked.length < 2) continue;
    productRows.set(liked, end);
    end += liked.length;
    offsets.push(end);
  }
  return { offsets: Uint32Array.from(offsets), productRows: productRows.slice(0, end) };
}

/** A stretch of a sequence: entries [start, end) are read, and each asks for the one after it. */
export interface Window {
  readonly start: number;
  readonly end: number;
}

/**
 * Cuts sequences into windows of at most `span` entries read, in random order: every entry but a user's first is asked
 * for once. Where a longer sequence is cut is drawn anew each time.
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
