import type { Rng } from '../../../numeric/rng';
import { type ActionTargets, unknownTarget } from '../targets';

/** Pieces that histories are cut into, for training or validation. */
export interface Pieces {
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** First step with a loss: those before it are read only. */
  readonly counted: Uint32Array;
  /** Whether a piece continues the one before it in this list. */
  readonly isContinuation: Uint8Array;
}

interface PieceList {
  readonly starts: number[];
  readonly ends: number[];
  readonly counted: number[];
  readonly isContinuation: number[];
}

const piecesFrom = ({ starts, ends, counted, isContinuation }: PieceList): Pieces => ({
  starts: Uint32Array.from(starts),
  ends: Uint32Array.from(ends),
  counted: Uint32Array.from(counted),
  isContinuation: Uint8Array.from(isContinuation),
});

/** First and last step of a user with a target; null where none has one. */
function askedOf({ next, returns }: ActionTargets, start: number, end: number): [number, number] | null {
  const isAsked = (step: number): boolean =>
    next[step] !== unknownTarget || returns[0][step] !== unknownTarget;
  let [first, last] = [start, end - 1];
  while (first < end && !isAsked(first)) first++;
  while (last > first && !isAsked(last)) last--;
  return first < end ? [first, last] : null;
}

/** Each user's steps up to the last with a target, cut every `length` steps: for training. */
export function piecesOf(offsets: Uint32Array, targets: ActionTargets, length: number): Pieces {
  const list: PieceList = { starts: [], ends: [], counted: [], isContinuation: [] };
  for (let user = 0; user + 1 < offsets.length; user++) {
    const asked = askedOf(targets, offsets[user], offsets[user + 1]);
    if (asked === null) continue;
    const end = asked[1] + 1;
    for (let start = offsets[user]; start < end; start += length) {
      list.starts.push(start);
      list.ends.push(Math.min(end, start + length));
      list.counted.push(start);
      list.isContinuation.push(Number(start > offsets[user]));
    }
  }
  return piecesFrom(list);
}

/** Each user's steps with targets, cut every `length` steps, each with as many steps before it to warm up: for validation. */
export function warmPiecesOf(offsets: Uint32Array, targets: ActionTargets, length: number): Pieces {
  const list: PieceList = { starts: [], ends: [], counted: [], isContinuation: [] };
  for (let user = 0; user + 1 < offsets.length; user++) {
    const asked = askedOf(targets, offsets[user], offsets[user + 1]);
    if (asked === null) continue;
    for (let counted = asked[0]; counted <= asked[1]; counted += length) {
      list.starts.push(Math.max(offsets[user], counted - length));
      list.ends.push(Math.min(asked[1] + 1, counted + length));
      list.counted.push(counted);
      list.isContinuation.push(0);
    }
  }
  return piecesFrom(list);
}

/** Pieces of one batch, sorted by falling length (ties: in the order drawn). */
export type Batch = Uint32Array;

/** Pieces in batches of at least `size` steps (the last may have fewer), in the order given. */
export function batchesOf({ starts, ends }: Pieces, size: number, order: Uint32Array): Batch[] {
  const lengthOf = (piece: number): number => ends[piece] - starts[piece];
  const batches: Batch[] = [];
  for (let from = 0; from < order.length; ) {
    let to = from;
    for (let steps = 0; to < order.length && steps < size; to++) steps += lengthOf(order[to]);
    batches.push(order.slice(from, to).sort((a, b) => lengthOf(b) - lengthOf(a)));
    from = to;
  }
  return batches;
}

/** All pieces, shuffled. */
export const shuffledPieces = ({ starts }: Pieces, rng: Rng): Uint32Array =>
  rng.shuffle(Uint32Array.from(starts.keys()));
