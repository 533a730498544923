import { writeBatch } from '../../../src/insights/nextAction/network/batch';
import { minuteBucketsOf } from '../../../src/insights/nextAction/network/minutes';
import {
  forwardPass,
  gradientPass,
  lossPass,
  type PassJob,
  type Runtime,
} from '../../../src/insights/nextAction/network/pass';
import { piecesOf } from '../../../src/insights/nextAction/network/pieces';
import { headPlaces, type NetworkShape, weightPlaces } from '../../../src/insights/nextAction/network/shape';
import { createWorkspace } from '../../../src/insights/nextAction/network/workspace';
import { actionTargetsOf } from '../../../src/insights/nextAction/targets';
import { addressesOf } from '../../../src/learning/shards';
import { createArena } from '../../../src/numeric/wasm/arena';
import { plainNetworkKernelsOver } from '../../../src/numeric/wasm/plainNetworkKernels';
import { drawnDoubles } from '../../numeric/network/support';
import { dayMs, endAction, sessionOfTypes, stepsOfEvents } from './actionSteps';

/** A workspace's memory in double precision, at the same addresses. */
function doubleRuntime(memory: WebAssembly.Memory) {
  const doubles = Float64Array.from(new Float32Array(memory.buffer), value =>
    Number.isFinite(value) ? value : 0,
  );
  const floats = (address: number, length: number): Float64Array =>
    doubles.subarray(address / 4, address / 4 + length);
  const words = (address: number, length: number): Uint32Array =>
    new Uint32Array(memory.buffer, address, length);
  const runtime: Runtime = {
    kernels: plainNetworkKernelsOver({ floats, words }),
    words,
    copy: (from, to, length) => floats(to, length).set(floats(from, length)),
    zero: (address, length) => floats(address, length).fill(0),
  };
  return { runtime, floats };
}

/** A network with random weights and a few histories of unequal length, one of which starts from a given state. */
async function tinyCase(isLstm: boolean) {
  const steps = await stepsOfEvents([
    ...sessionOfTypes('u', 'vacb'),
    ...sessionOfTypes('u', 'vr', dayMs),
    ...sessionOfTypes('v', 'wav'),
  ]);
  const targets = actionTargetsOf(steps, { after: Number.NEGATIVE_INFINITY, until: 20 * dayMs });
  const shape: NetworkShape = { isLstm, columns: 8, types: endAction, categories: 2 };
  const arena = createArena();
  const workspace = createWorkspace(arena, { shape, steps: 16 });
  const buckets = minuteBucketsOf(targets.minutes);
  const pieces = piecesOf(steps.offsets, targets, 5);
  const [extent] = writeBatch(
    { ...workspace, shards: [workspace.shards[0]] },
    { steps, targets, buckets, pieces },
    Uint32Array.of(0),
  );
  const { runtime, floats } = doubleRuntime(arena.memory);
  const shard = addressesOf(workspace.shards[0]);
  const { length } = weightPlaces(shape);
  const weights = floats(workspace.weights.byteOffset, length);
  weights.set(drawnDoubles(1, length).map(value => 0.5 * value));
  floats(shard.previous, 8).set(drawnDoubles(2, 8));
  floats(shard.previousCells, 8).set(drawnDoubles(3, 8));
  const job: PassJob = {
    shape,
    weights: workspace.weights.byteOffset,
    shard,
    capacity: 16,
    times: workspace.shards[0].extent[1],
    rows: extent.rows,
    inputDropout: 0.3,
    stateDropout: 0.3,
    seed: 5,
    share: 0.5,
  };
  return { runtime, floats, weights, job, rows: extent.rows, shape };
}

describe('the gradient of the whole network', () => {
  it.each([true, false])('is that of its loss, in double precision (an LSTM: %s)', async isLstm => {
    const { runtime, floats, weights, job, rows } = await tinyCase(isLstm);
    const { shard } = job;
    const lossOf = (): number => {
      lossPass(runtime, job);
      const all = [shard.nextLosses, shard.bucketLosses, shard.categoryLosses].flatMap(address => [
        ...floats(address, rows),
      ]);
      const flags = [...floats(shard.flagLosses, 8 * rows)];
      return job.share * [...all, ...flags].reduce((sum, loss) => sum + loss, 0);
    };
    gradientPass(runtime, job);
    const gradient = floats(shard.weightGradient, weights.length).slice();
    expect(gradient.filter(slope => slope !== 0).length).toBeGreaterThan(500);
    const h = 1e-5;
    for (let place = 0; place < weights.length; place += 3) {
      const value = weights[place];
      weights[place] = value + h;
      const above = lossOf();
      weights[place] = value - h;
      const slope = (above - lossOf()) / (2 * h);
      weights[place] = value;
      expect(Math.abs(slope - gradient[place])).toBeLessThan(1e-7);
    }
  });

  it('belongs to the same scores as those of a forward pass alone', async () => {
    const { runtime, floats, job, rows, shape } = await tinyCase(true);
    forwardPass(runtime, job);
    const scores = floats(job.shard.logits, rows * headPlaces(shape).length);
    expect(scores.every(Number.isFinite)).toBe(true);
    expect(new Set(scores).size).toBeGreaterThan(rows);
  });
});
