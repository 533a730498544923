// Checks the gradients from words to vectors, and of the loss, against finite differences. The kernels use
// single precision, so the differences are large and the tolerance is wide: 2 % of the slope's length.
// (test/numeric/network checks the kernels themselves to 1e-6 in double precision.)
import { shardCount } from '../../../src/learning/shards';
import { createWorkerGroup } from '../../../src/learning/workerGroup';
import {
  type Batch,
  contrastPairs,
  contrastRuns,
  createContrast,
} from '../../../src/models/textEncoder/contrast';
import { type Kind, layoutOf, type Shape } from '../../../src/models/textEncoder/shape';
import { textEncoderTasks } from '../../../src/models/textEncoder/tasks';
import { createLexicon } from '../../../src/models/textEncoder/texts';
import {
  createWorkspace,
  shardGradientsOf,
  type Workspace,
  workspaceScratchLength,
  writeTexts,
} from '../../../src/models/textEncoder/workspace';
import { createRng, type Rng } from '../../../src/numeric/rng';
import { serialThreadPool } from '../../../src/numeric/threadPool';
import { type Arena, createArena } from '../../../src/numeric/wasm/arena';
import { networkKernelsOver } from '../../../src/numeric/wasm/networkKernelsOver';
import { tableGradients } from '../../learning/tableGradients';

const tolerance = 0.02;

const draw = (rng: Rng, into: Float32Array, scale: number): Float32Array => {
  for (let k = 0; k < into.length; k++) into[k] = scale * rng.gaussian();
  return into;
};

const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, k) => sum + value * b[k], 0);

/** Expects the slope of `value` along each of a few random directions to be that of the gradient. */
async function expectSlopes(
  parameters: Float32Array,
  gradient: Float32Array,
  value: () => Promise<number> | number,
  rng: Rng,
): Promise<void> {
  const length = Math.sqrt(dot(gradient, gradient));
  expect(length).toBeGreaterThan(0);
  const kept = parameters.slice();
  for (let direction = 0; direction < 3; direction++) {
    // Half along the gradient, so that the slope is well above rounding errors.
    const along = gradient.map(one => one / length + rng.gaussian() / Math.sqrt(gradient.length));
    const step = 0.002;
    const at = async (sign: number): Promise<number> => {
      for (let k = 0; k < kept.length; k++) parameters[k] = kept[k] + sign * step * along[k];
      return value();
    };
    const slope = ((await at(1)) - (await at(-1))) / (2 * step);
    parameters.set(kept);
    expect(Math.abs(slope - dot(gradient, along))).toBeLessThan(tolerance * length);
  }
}

/** A workspace with a few texts. */
interface Bench {
  readonly arena: Arena;
  readonly workspace: Workspace;
  readonly shape: Shape;
  readonly texts: number;
  run(task: keyof typeof textEncoderTasks): Promise<void>;
  floats(address: number, length: number): Float32Array;
}

const words = [
  'mug',
  'tea mug',
  'blue tea pot for two',
  '杯子',
  'mugs 茶杯 blue',
  'x',
  'tea tea tea',
  'pot blue',
  'two',
];

function benchOf(kind: Kind, inputs: number, rng: Rng): Bench {
  const shape: Shape = { kind, dimensions: 16, buckets: 64, tokens: 5, inputs };
  const arena = createArena();
  const workspace = createWorkspace(arena, shape, words.length, true);
  const workers = createWorkerGroup(
    arena,
    {
      seed: 1,
      threads: serialThreadPool(textEncoderTasks),
      onProgress: () => undefined,
      signal: new AbortController().signal,
    },
    workspaceScratchLength(shape),
  );
  const floats = (address: number, length: number): Float32Array =>
    new Float32Array(arena.memory.buffer, address, length);
  draw(rng, floats(workspace.table, shape.buckets * shape.dimensions), 0.5);
  draw(rng, floats(workspace.dense, layoutOf(shape).length), 0.3);
  const lexicon = createLexicon(shape.buckets);
  const inputTexts = words.map(text => ({
    words: Uint32Array.from(text.split(' ').slice(0, shape.tokens), lexicon.rowOf),
    external: inputs === 0 ? null : draw(rng, new Float32Array(inputs), 1),
  }));
  writeTexts(arena, workspace, inputTexts, lexicon);
  return {
    arena,
    workspace,
    shape,
    texts: words.length,
    floats,
    async run(task) {
      await workers.run(task, shardCount, 1, workspace);
    },
  };
}

/** Floats of the vectors of all texts: shards are filled one after the other. */
const rowsOf = ({ workspace, texts, shape }: Bench): number =>
  Math.min(shardCount * workspace.texts, texts) * shape.dimensions;

describe.each<[Kind, number]>([
  ['bag', 0],
  ['bag', 8],
  ['cnn', 0],
  ['transformer', 0],
])('a %s with an external vector of %d numbers', (kind, inputs) => {
  const rng = createRng(5);
  const bench = benchOf(kind, inputs, rng);
  const { workspace, shape, floats, run } = bench;
  const vectors = floats(workspace.vectors, rowsOf(bench));
  const weights = draw(rng, floats(workspace.vectorGradients, rowsOf(bench)), 1).slice();
  const value = async (): Promise<number> => {
    await run('textEncoder.read');
    return dot(vectors, weights);
  };

  beforeAll(async () => {
    await run('textEncoder.read');
    floats(workspace.vectorGradients, weights.length).set(weights);
    await run('textEncoder.readBackward');
  });

  it('gives vectors of length one', () => {
    for (let row = 0; row < bench.texts; row++) {
      const own = vectors.subarray(row * shape.dimensions, (row + 1) * shape.dimensions);
      expect(dot(own, own)).toBeCloseTo(1, 5);
    }
  });

  it('has the dense gradients that its backward pass computes', async () => {
    const { length, blocks } = layoutOf(shape);
    const gradient = new Float32Array(length);
    for (const { dense: own } of shardGradientsOf(bench.arena, workspace)) {
      for (let k = 0; k < length; k++) gradient[k] += own[k];
    }
    const dense = floats(workspace.dense, length);
    for (const [block, { offset, length: size }] of blocks) {
      if (size === 0 || block === 'map' || block === 'mapOffset') continue;
      const own = gradient.slice(offset, offset + size);
      await expectSlopes(dense.subarray(offset, offset + size), own, value, rng);
    }
  });

  it('has the gradients of the parts of words that its backward pass computes', async () => {
    const table = floats(workspace.table, shape.buckets * shape.dimensions);
    const gradient = new Float32Array(table.length);
    for (const { rows } of shardGradientsOf(bench.arena, workspace)) {
      const own = tableGradients(rows[0], shape.buckets, shape.dimensions);
      for (let k = 0; k < table.length; k++) gradient[k] += own[k];
    }
    await expectSlopes(table, gradient, value, rng);
  });
});

describe('the loss', () => {
  const d = 16;
  const rng = createRng(9);
  const arena = createArena();
  const scratch = arena.float32(
    workspaceScratchLength({ kind: 'bag', dimensions: d, buckets: 1, tokens: 1, inputs: 0 }),
  );
  const kernels = networkKernelsOver(arena.memory, scratch.byteOffset);
  const contrast = createContrast(arena, d, 16, 8);
  const vectors = draw(rng, arena.float32(32 * d), 0.4);
  const gradients = arena.float32(32 * d);
  const batch: Batch = {
    runs: Uint32Array.of(0, 0, 0, 1, 1, 2, 2, 2, 2),
    products: Uint32Array.of(4, 5, 6, 7, 4, 8, 9, 5, 3),
    corrections: Float32Array.of(-1, -2, -1, -3, -1, -2, -2, -2, -1),
    pairs: 5,
  };

  it('of runs has the gradients that it computes, of vectors, map and offset', async () => {
    const arrays = {
      vectors,
      gradients,
      map: draw(rng, arena.float32(d * d), 0.3),
      mapGradient: arena.float32(d * d),
      offset: draw(rng, arena.float32(d), 0.3),
      offsetGradient: arena.float32(d),
    };
    const value = (): number => {
      for (const one of [arrays.gradients, arrays.mapGradient, arrays.offsetGradient]) one.fill(0);
      return contrastRuns(contrast, kernels, batch, arrays, 0.5);
    };
    value();
    await expectSlopes(vectors, gradients.slice(), value, rng);
    await expectSlopes(arrays.map, arrays.mapGradient.slice(), value, rng);
    await expectSlopes(arrays.offset, arrays.offsetGradient.slice(), value, rng);
  });

  it('of runs has no negatives among products that two shoppers have', () => {
    const zeros = (length: number): Float32Array => arena.float32(length);
    const map = zeros(d * d);
    for (let k = 0; k < d; k++) map[k * d + k] = 1;
    const own = draw(rng, zeros(16 * d), 0.4);
    const same = {
      runs: Uint32Array.of(0, 0, 1, 1),
      products: Uint32Array.of(1, 2, 1, 2),
      corrections: new Float32Array(4),
      pairs: 0,
    };
    const arrays = {
      vectors: own,
      gradients: zeros(16 * d),
      map,
      mapGradient: zeros(d * d),
      offset: zeros(d),
      offsetGradient: zeros(d),
    };
    // No product of the batch is a negative of another.
    expect(contrastRuns(contrast, kernels, same, arrays, 0.5)).toBeCloseTo(0, 6);
    expect(arrays.gradients.every(one => one === 0)).toBe(true);
  });

  it('of pairs has the gradients that it computes', async () => {
    const side = (row: number) => ({
      vectors: vectors.subarray(row * d),
      gradients: gradients.subarray(row * d),
    });
    const sides = { left: side(0), right: side(5) };
    const value = (): number => {
      gradients.fill(0);
      return contrastPairs(contrast, kernels, 5, sides, { temperature: 0.5, weight: 0.7 });
    };
    value();
    await expectSlopes(vectors, gradients.slice(), value, rng);
  });
});
