// The whole way from words to vectors, and the loss, against differences. The kernels count in single precision, so steps
// are long and the tolerance wide: 2 % of the slope's length. (The kernels themselves are held to 1e-6 in double
// precision, test/numeric/network.)
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
  layOut,
  setUpWorkspace,
  shards,
  type Workspace,
  workspaceScratchLength,
} from '../../../src/models/textEncoder/workspace';
import { createRng, type Rng } from '../../../src/numeric/rng';
import { serialThreadPool } from '../../../src/numeric/threadPool';
import { type Arena, createArena } from '../../../src/numeric/wasm/arena';
import { networkKernelsOver } from '../../../src/numeric/wasm/networkKernelsOver';

const tolerance = 0.02;

const draw = (rng: Rng, into: Float32Array, scale: number): Float32Array => {
  for (let k = 0; k < into.length; k++) into[k] = scale * rng.gaussian();
  return into;
};

const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, k) => sum + value * b[k], 0);

/** Slope of `value` along each of a few random directions, beside what the gradient says of it. */
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
    // Half along the gradient, so that the slope is never lost among rounding.
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

/** A workspace with a few texts on it. */
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
  const workspace = setUpWorkspace(arena, shape, words.length, true);
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
  const sheets = words.map(text => ({
    words: Uint32Array.from(text.split(' ').slice(0, shape.tokens), lexicon.rowOf),
    given: inputs === 0 ? null : draw(rng, new Float32Array(inputs), 1),
  }));
  layOut(arena, workspace, sheets, lexicon);
  return {
    arena,
    workspace,
    shape,
    texts: words.length,
    floats,
    async run(task) {
      await workers.run(task, shards, 1, workspace);
    },
  };
}

/** Row of the vectors that belongs to each text: shards are filled one after the other. */
const rowsOf = ({ workspace, texts, shape }: Bench): number =>
  Math.min(shards * workspace.texts, texts) * shape.dimensions;

describe.each<[Kind, number]>([
  ['bag', 0],
  ['bag', 8],
  ['cnn', 0],
  ['transformer', 0],
])('a %s with %d numbers from outside', (kind, inputs) => {
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
    await run('textEncoder.back');
  });

  it('gives vectors of length one', () => {
    for (let row = 0; row < bench.texts; row++) {
      const own = vectors.subarray(row * shape.dimensions, (row + 1) * shape.dimensions);
      expect(dot(own, own)).toBeCloseTo(1, 5);
    }
  });

  it('has the gradients of its dense parameters that its way back says', async () => {
    const { length, blocks } = layoutOf(shape);
    const gradient = new Float32Array(length);
    for (let shard = 0; shard < shards; shard++) {
      const own = floats(workspace.denseGradients + 4 * shard * length, length);
      for (let k = 0; k < length; k++) gradient[k] += own[k];
    }
    const dense = floats(workspace.dense, length);
    for (const [block, { offset, length: size }] of blocks) {
      if (size === 0 || block === 'map' || block === 'mapOffset') continue;
      const own = gradient.slice(offset, offset + size);
      await expectSlopes(dense.subarray(offset, offset + size), own, value, rng);
    }
  });

  it('has the gradients of the words’ vectors that its update takes', async () => {
    const table = floats(workspace.table, shape.buckets * shape.dimensions);
    const kept = table.slice();
    const gradient = new Float32Array(table.length);
    // With β = 0 and ε far above every gradient, Adam takes the gradient times the rate.
    floats(workspace.adam, 5).set([1e6, 0, 0, 1e6, 0]);
    await run('textEncoder.update');
    for (let k = 0; k < table.length; k++) gradient[k] = kept[k] - table[k];
    table.set(kept);
    await expectSlopes(table, gradient, value, rng);
    const left = floats(workspace.tableGradient, table.length);
    expect(left.every(one => one === 0)).toBe(true);
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
  const room = createContrast(arena, d, 16, 8);
  const vectors = draw(rng, arena.float32(32 * d), 0.4);
  const gradients = arena.float32(32 * d);
  const batch: Batch = {
    runs: Uint32Array.of(0, 0, 0, 1, 1, 2, 2, 2, 2),
    products: Uint32Array.of(4, 5, 6, 7, 4, 8, 9, 5, 3),
    corrections: Float32Array.of(-1, -2, -1, -3, -1, -2, -2, -2, -1),
    pairs: 5,
  };

  it('of runs has the gradients it says, of vectors, map and offset', async () => {
    const places = {
      vectors,
      gradients,
      map: draw(rng, arena.float32(d * d), 0.3),
      mapGradient: arena.float32(d * d),
      offset: draw(rng, arena.float32(d), 0.3),
      offsetGradient: arena.float32(d),
    };
    const value = (): number => {
      for (const one of [places.gradients, places.mapGradient, places.offsetGradient]) one.fill(0);
      return contrastRuns(room, kernels, batch, places, 0.5);
    };
    value();
    await expectSlopes(vectors, gradients.slice(), value, rng);
    await expectSlopes(places.map, places.mapGradient.slice(), value, rng);
    await expectSlopes(places.offset, places.offsetGradient.slice(), value, rng);
  });

  it('of runs does not ask to push apart what two shoppers have', () => {
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
    const places = {
      vectors: own,
      gradients: zeros(16 * d),
      map,
      mapGradient: zeros(d * d),
      offset: zeros(d),
      offsetGradient: zeros(d),
    };
    // Nothing in the batch is a negative of anything.
    expect(contrastRuns(room, kernels, same, places, 0.5)).toBeCloseTo(0, 6);
    expect(places.gradients.every(one => one === 0)).toBe(true);
  });

  it('of pairs has the gradients it says', async () => {
    const side = (row: number) => ({
      vectors: vectors.subarray(row * d),
      gradients: gradients.subarray(row * d),
    });
    const sides = { left: side(0), right: side(5) };
    const value = (): number => {
      gradients.fill(0);
      return contrastPairs(room, kernels, 5, sides, { temperature: 0.5, weight: 0.7 });
    };
    value();
    await expectSlopes(vectors, gradients.slice(), value, rng);
  });
});
