import { shardCount } from '../../learning/shards';
import type { Rng } from '../../numeric/rng';
import type { Steps } from '../../snapshot/steps';
import type { NegativeSampler } from './negatives';
import type { Batch, Sequences } from './sequences';
import type { ShardWorkspace, Workspace } from './workspace';

/** Places of a batch's products, in the order in which they first occur. */
interface Places {
  /** By product row; -1 for a product that is not in the batch. */
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

/** Writes sequences, sorted by falling length, time step by time step. */
function writeShard(
  shard: ShardWorkspace,
  steps: Steps,
  sequences: Sequences,
  chosen: readonly number[],
  places: Places,
): void {
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
    if (rows === shard.timeOffsets[time]) break;
  }
  shard.extent.set([rows, time]);
}

/** Writes batches to a workspace. */
export interface BatchWriter {
  /** Writes a batch. Returns its rows. */
  write(batch: Batch): number;
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
      for (const [index, shard] of workspace.shards.entries())
        writeShard(shard, steps, sequences, parts[index], places);
      sampler.drawInto(rng, drawn, workspace.corrections);
      for (const [index, product] of drawn.entries()) workspace.negatives[index] = placeOf(places, product);
      workspace.productCount[0] = places.count;
      return workspace.shards.reduce((sum, { extent }) => sum + extent[0], 0);
    },
  };
}

/** Most steps per shard of a batch. Sequences, the longest first, go to the shards in turn. */
export const shardStepsLimit = (batchSize: number, sequenceLength: number): number =>
  Math.ceil((batchSize + sequenceLength) / shardCount) + sequenceLength;
