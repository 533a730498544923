import type { Rng } from '../../numeric/rng';
import type { Steps } from '../../snapshot/steps';

/** Starts and ends of training sequences among steps. */
export interface Sequences {
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

/** Each user's steps, cut into sequences of `length` from the end; a sequence begins with the last step of the one before. */
export function sequencesOf({ offsets }: Steps, length: number): Sequences {
  const starts: number[] = [];
  const ends: number[] = [];
  for (let user = 0; user + 1 < offsets.length; user++) {
    for (let end = offsets[user + 1]; end - offsets[user] >= 2; end -= length - 1) {
      starts.push(Math.max(offsets[user], end - length));
      ends.push(end);
    }
  }
  return { starts: Uint32Array.from(starts), ends: Uint32Array.from(ends) };
}

/** Sequences of one batch, sorted by falling length (ties: in the order drawn). */
export type Batch = Uint32Array;

/** All sequences, shuffled, in batches of at least `size` targets; the last may have fewer. */
export function batchesOf({ starts, ends }: Sequences, size: number, rng: Rng): Batch[] {
  const order = rng.shuffle(Uint32Array.from(starts.keys()));
  const lengthOf = (sequence: number): number => ends[sequence] - starts[sequence];
  const batches: Batch[] = [];
  for (let from = 0; from < order.length; ) {
    let to = from;
    for (let steps = 0; to < order.length && steps < size; to++) steps += lengthOf(order[to]) - 1;
    batches.push(order.slice(from, to).sort((a, b) => lengthOf(b) - lengthOf(a)));
    from = to;
  }
  return batches;
}
