import type { Rng } from '../../numeric/rng';
import type { Steps } from '../../snapshot/steps';
import type { NegativeSampler } from './negatives';
import type { Batch, Sequences } from './sequences';
import type { ShardWorkspace, Workspace } from './workspace';

/** What a shard was given. */
export interface ShardExtent {
  readonly rows: number;
  /** Length of its longest sequence. */
  readonly times: number;
}

/** What was written to the workspace. */
export interface WrittenBatch {
  /** Distinct products. */
  readonly products: number;
  readonly rows: number;
  readonly shards: readonly ShardExtent[];
}

/** Gives each product of a batch its place, by first sight. */
interface Places {
  /** By product; -1 where it has none. */
  readonly placeOf: Int32Array;
  readonly products: Uint32Array;
  count: number;
}

function placeOf(places: Places, product: number): number {
  const known = places.placeOf[product];
  if (known >= 0) return known;
  places.products[places.count] = product;
  places.placeOf[product] = places.count;
  return places.count++;
}

/** Writes sequences, the longest first, time step by time step. */
function writeShard(
  shard: ShardWorkspace,
  steps: Steps,
  sequences: Sequences,
  chosen: readonly number[],
  places: Places,
): ShardExtent {
  let rows = 0;
  let time = 0;
  for (; ; time++) {
    shard.timeOffsets[time] = rows;
    for (const sequence of chosen) {
      const step = sequences.starts[sequence] + time;
      if (step + 1 >= sequences.ends[sequence]) break;
      shard.inputs[rows] = placeOf(places, steps.productRows[step]);
      shard.targets[rows++] = placeOf(places, steps.productRows[step + 1]);
    }
    if (rows === shard.timeOffsets[time]) return { rows, times: time };
  }
}

/** Writes batches to a workspace. */
export interface BatchWriter {
  write(batch: Batch): WrittenBatch;
}

/** A writer that draws negatives from `sampler`. */
export function batchWriter(
  workspace: Workspace,
  steps: Steps,
  sequences: Sequences,
  sampler: NegativeSampler,
  rng: Rng,
): BatchWriter {
  const places: Places = {
    placeOf: new Int32Array(workspace.extents.products).fill(-1),
    products: workspace.batchProducts,
    count: 0,
  };
  const drawn = new Uint32Array(workspace.extents.negatives);
  return {
    write(batch) {
      for (const product of places.products.subarray(0, places.count)) places.placeOf[product] = -1;
      places.count = 0;
      const parts: number[][] = workspace.shards.map(() => []);
      for (const [index, sequence] of batch.entries()) parts[index % parts.length].push(sequence);
      const shards = workspace.shards.map((shard, index) =>
        writeShard(shard, steps, sequences, parts[index], places),
      );
      sampler.drawInto(rng, drawn, workspace.corrections);
      for (const [index, product] of drawn.entries()) workspace.negatives[index] = placeOf(places, product);
      return { products: places.count, rows: shards.reduce((sum, { rows }) => sum + rows, 0), shards };
    },
  };
}

/** Most steps that a shard of a batch may have: sequences are dealt out one by one, the longest first. */
export const shardStepsLimit = (batchSize: number, sequenceLength: number, shards: number): number =>
  Math.ceil((batchSize + sequenceLength) / shards) + sequenceLength;
