import { noTarget } from '../../../numeric/network/maskedLosses';
import type { ShardExtent } from './batch';
import { flagColumns } from './shape';
import type { HeadWeights, Workspace } from './workspace';

/** Mean loss of each head (nats) over known targets; NaN where none is known. */
export interface HeadLosses {
  readonly next: number;
  readonly minutes: number;
  readonly category: number;
  readonly purchase: number;
  readonly abandonment: number;
  readonly returns: readonly number[];
  /** The weighted sum per step, which training minimises. */
  readonly total: number;
}

interface Sums {
  readonly loss: number[];
  readonly known: number[];
  rows: number;
}

/** Collects the losses of batches. */
export interface LossMeter {
  /** Adds the losses that the last pass left in the workspace. */
  add(workspace: Workspace, extents: readonly ShardExtent[]): void;
  read(): HeadLosses;
}

function addColumn(
  sums: Sums,
  head: number,
  losses: Float32Array,
  targets: Uint32Array,
  places: { readonly first: number; readonly rows: number; readonly stride: number },
): void {
  const { first, rows, stride } = places;
  for (let row = 0; row < rows; row++) {
    const place = first + row * stride;
    if (targets[place] === noTarget) continue;
    sums.loss[head] += losses[place];
    sums.known[head]++;
  }
}

/** Heads with a softmax; those of flags follow. */
const softmaxHeads = 3;
const headCount = softmaxHeads + 5;

/** A meter at zero. Class weights do not count: the loss of the next type is that of the probabilities. */
export function lossMeter({ bucket, category, flags }: HeadWeights): LossMeter {
  const sums: Sums = { loss: new Array(headCount).fill(0), known: new Array(headCount).fill(0), rows: 0 };
  const weights = [1, bucket[0], category[0], ...flags.subarray(0, headCount - softmaxHeads)];
  return {
    add(workspace, extents) {
      for (const [index, shard] of workspace.shards.entries()) {
        const { rows } = extents[index];
        const places = { first: 0, rows, stride: 1 };
        sums.rows += rows;
        addColumn(sums, 0, shard.nextLosses, shard.next, places);
        addColumn(sums, 1, shard.bucketLosses, shard.bucket, places);
        addColumn(sums, 2, shard.categoryLosses, shard.category, places);
        for (let flag = 0; flag < headCount - softmaxHeads; flag++) {
          const column = { first: flag, rows, stride: flagColumns };
          addColumn(sums, softmaxHeads + flag, shard.flagLosses, shard.flags, column);
        }
      }
    },
    read() {
      const [next, minutes, category, purchase, abandonment, ...returns] = sums.loss.map(
        (loss, head) => loss / sums.known[head],
      );
      const total = sums.loss.reduce((sum, loss, head) => sum + weights[head] * loss, 0) / sums.rows;
      return { next, minutes, category, purchase, abandonment, returns, total };
    },
  };
}
