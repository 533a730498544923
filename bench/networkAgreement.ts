import type { Forecast } from '../src/insights/nextAction/forecaster';
import { shardStepsLimit, writeBatch } from '../src/insights/nextAction/network/batch';
import { type NetworkWeights, networkForecaster } from '../src/insights/nextAction/network/forward';
import { forwardPass } from '../src/insights/nextAction/network/pass';
import { batchesOf, type Pieces } from '../src/insights/nextAction/network/pieces';
import { flagCount, headPlaces } from '../src/insights/nextAction/network/shape';
import { runtimeOf } from '../src/insights/nextAction/network/tasks';
import {
  createWorkspace,
  type ShardWorkspace,
  type Workspace,
} from '../src/insights/nextAction/network/workspace';
import { emptyStep, readStepInto } from '../src/insights/nextAction/step';
import type { ActionSteps } from '../src/insights/nextAction/steps';
import { maskedTargets } from '../src/insights/nextAction/targets';
import { addressesOf } from '../src/learning/shards';
import { createArena } from '../src/numeric/wasm/arena';
import { productScratchLength } from '../src/numeric/wasm/networkKernels';
import { networkKernelsOver } from '../src/numeric/wasm/networkKernelsOver';

/** Maximum length of compared sequences, and the approximate number of steps per batch. */
const [longest, batchSize] = [64, 2048];

/** Returns the prefixes of the first users' histories. */
function prefixesOf({ offsets }: ActionSteps, sequences: number): Pieces {
  const users = Array.from({ length: offsets.length - 1 }, (_, user) => user)
    .filter(user => offsets[user + 1] > offsets[user])
    .slice(0, sequences);
  const ends = Uint32Array.from(users, user => Math.min(offsets[user + 1], offsets[user] + longest));
  return {
    starts: Uint32Array.from(users, user => offsets[user]),
    ends,
    counted: ends,
    isContinuation: new Uint8Array(users.length),
  };
}

/** Probabilities of one row by the training pass: actions, then flags. */
function probabilitiesOf(workspace: Workspace, { logits }: ShardWorkspace, row: number): Float64Array {
  const { shape } = workspace.extents;
  const { length, flags } = headPlaces(shape);
  const actionCount = shape.types + 1;
  const scores = logits.subarray(row * length, (row + 1) * length);
  const high = Math.max(...scores.subarray(0, actionCount));
  const odds = Float64Array.from(scores.subarray(0, actionCount), score => Math.exp(score - high));
  const sum = odds.reduce((total, value) => total + value, 0);
  const sure = Float64Array.from(scores.subarray(flags, flags + flagCount), s => 1 / (1 + Math.exp(-s)));
  return Float64Array.of(...odds.map(value => value / sum), ...sure);
}

function farthest(found: Forecast, expected: Float64Array): number {
  const { actions, purchase, abandonment, returnWithin } = found;
  const values = [...actions, purchase, abandonment ?? Number.NaN, ...returnWithin];
  return values.reduce(
    (worst, value, index) =>
      Number.isNaN(value) ? worst : Math.max(worst, Math.abs(value - expected[index])),
    0,
  );
}

/** Largest difference between the probabilities of serving and of the training pass, over a shard. */
function differenceOnShard(
  workspace: Workspace,
  shard: ShardWorkspace,
  { steps, starts, ends }: Pick<Pieces, 'starts' | 'ends'> & { readonly steps: ActionSteps },
  work: { readonly pieces: readonly number[]; readonly network: NetworkWeights },
): number {
  const forecaster = networkForecaster(work.network);
  const step = emptyStep();
  let worst = 0;
  for (const [rank, piece] of work.pieces.entries()) {
    const state = forecaster.open();
    for (let index = starts[piece]; index < ends[piece]; index++) {
      readStepInto(steps.columns, index, step);
      forecaster.step(state, step);
      const row = shard.timeOffsets[index - starts[piece]] + rank;
      worst = Math.max(worst, farthest(forecaster.forecast(state), probabilitiesOf(workspace, shard, row)));
    }
  }
  return worst;
}

/**
 * Returns the largest difference, over prefixes of the histories of some shoppers, between the probabilities of
 * {@link networkForecaster} and those of the passes used in training.
 */
export function largestDifference(network: NetworkWeights, steps: ActionSteps, sequences: number): number {
  const arena = createArena();
  const { memory } = arena;
  const workspace = createWorkspace(arena, {
    shape: network.shape,
    steps: shardStepsLimit(batchSize, longest),
  });
  const kernels = networkKernelsOver(memory, arena.float32(productScratchLength).byteOffset);
  workspace.weights.set(network.weights);
  const pieces = prefixesOf(steps, sequences);
  const source = { steps, targets: maskedTargets(0), buckets: network.buckets, pieces };
  const order = Uint32Array.from(pieces.starts.keys());
  let worst = 0;
  for (const batch of batchesOf(pieces, batchSize, order)) {
    for (const [index, extent] of writeBatch(workspace, source, batch).entries()) {
      if (extent.rows === 0) continue;
      const shard = workspace.shards[index];
      shard.previous.fill(0);
      shard.previousCells.fill(0);
      forwardPass(runtimeOf(memory, kernels), {
        shard: addressesOf(shard),
        shape: network.shape,
        weights: workspace.weights.byteOffset,
        capacity: workspace.extents.steps,
        times: shard.extent[1],
        rows: extent.rows,
        inputDropout: 0,
        stateDropout: 0,
        seed: 0,
        share: 1,
      });
      const { starts, ends } = pieces;
      const work = { pieces: extent.pieces, network };
      worst = Math.max(worst, differenceOnShard(workspace, shard, { steps, starts, ends }, work));
    }
  }
  return worst;
}
