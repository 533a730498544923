// Measures the kernels that train networks: GFLOP/s per core for products and attention at the sizes of `transformer`,
// GB/s for memory-bound kernels. Median of several rounds by processor time, which is not affected by other work on the
// machine.
// node scripts/bench.mjs networkKernels [--width 64] [--rows 512] [--negatives 1024] [--length 128]
import { parseArgs } from 'node:util';
import { writeAdamSettings } from '../src/numeric/network/adamSettings';
import {
  attentionJobLength,
  attentionScratchLength,
  lossJobLength,
  writeAttentionJob,
  writeLossJob,
} from '../src/numeric/network/jobs';
import { createRng } from '../src/numeric/rng';
import { type Arena, createArena } from '../src/numeric/wasm/arena';
import { type NetworkKernels, productScratchLength } from '../src/numeric/wasm/networkKernels';
import { networkKernelsOver } from '../src/numeric/wasm/networkKernelsOver';
import { environmentLine, medianOf } from './environment';

const { values: options } = parseArgs({
  options: {
    width: { type: 'string', default: '64' },
    rows: { type: 'string', default: '512' },
    negatives: { type: 'string', default: '1024' },
    length: { type: 'string', default: '128' },
  },
});
const [width, rows, negatives, length] = [options.width, options.rows, options.negatives, options.length].map(
  Number,
);
const heads = 2;
const rounds = 7;
/** Operations per round: a few hundredths of a second. */
const roundOperations = 1e9;

/** Processor time of this process, in seconds. */
function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Prints the median rate of some work, in units of 10⁹ operations or bytes per second. */
function measure(name: string, amount: number, unit: string, work: () => void): void {
  const times = Math.max(1, Math.ceil(roundOperations / amount));
  for (let warmUp = 0; warmUp < 20; warmUp++) work();
  const rates = Array.from({ length: rounds }, () => {
    const start = processorSeconds();
    for (let time = 0; time < times; time++) work();
    return (amount * times) / (processorSeconds() - start) / 1e9;
  });
  console.log(`${name.padEnd(44)} ${medianOf(rates).toFixed(1).padStart(7)} ${unit}`);
}

function drawn(arena: Arena, size: number): Float32Array {
  const rng = createRng(size);
  const array = arena.float32(size);
  for (let i = 0; i < size; i++) array[i] = rng.gaussian();
  return array;
}

function benchProducts(arena: Arena, kernels: NetworkKernels): void {
  for (const [m, k, n] of [
    [rows, width, width],
    [rows, width, 3 * width],
    [64, width, negatives],
  ]) {
    const [a, b, c] = [drawn(arena, m * k), drawn(arena, k * n), arena.float32(m * n)].map(
      array => array.byteOffset,
    );
    const amount = 2 * m * k * n;
    measure(`multiply ${m}×${k}·${k}×${n}`, amount, 'GFLOP/s', () => kernels.multiply(a, b, c, m, k, n));
    measure(`multiplyTransposed ${m}×${k}·(${n}×${k})ᵀ`, amount, 'GFLOP/s', () =>
      kernels.multiplyTransposed(a, b, c, m, k, n),
    );
    measure(`addTransposedMultiply (${m}×${k})ᵀ·${m}×${n}`, amount, 'GFLOP/s', () =>
      kernels.addTransposedMultiply(a, c, b, k, m, n),
    );
  }
}

function benchAttention(arena: Arena, kernels: NetworkKernels): void {
  const sequences = Math.max(1, Math.floor(rows / length));
  const all = sequences * length;
  const offsets = arena.uint32(sequences + 1);
  for (let s = 0; s <= sequences; s++) offsets[s] = s * length;
  const problem = {
    qkv: drawn(arena, (all + 8) * 3 * width),
    out: arena.float32(all * width),
    probabilities: arena.float32(sequences * heads * length * 8 * Math.ceil(length / 8)),
    offsets,
    bias: drawn(arena, heads * (length + 8)),
    span: length,
    heads,
    width,
    isCausal: true,
    gradient: drawn(arena, all * width),
    qkvGradient: arena.float32(all * 3 * width),
    biasGradient: arena.float32(heads * (length + 8)),
  };
  const job = arena.uint32(attentionJobLength);
  writeAttentionJob(problem, arena.float32(attentionScratchLength(length)), job);
  // A causal mask keeps half of the square; two products forward, four backward.
  const product = sequences * length * length * width;
  measure(`attention, ${sequences} sequences of ${length}`, 2 * product, 'GFLOP/s', () =>
    kernels.attention(job.byteOffset, 0, sequences),
  );
  measure('attentionBackward', 4 * product, 'GFLOP/s', () =>
    kernels.attentionBackward(job.byteOffset, 0, sequences),
  );
}

function benchLosses(arena: Arena, kernels: NetworkKernels): void {
  const problem = {
    logits: drawn(arena, 64 * negatives),
    positives: drawn(arena, 64),
    targets: arena.uint32(64),
    negatives: arena.uint32(negatives).fill(1),
    corrections: arena.float32(negatives),
    losses: arena.float32(64),
  };
  const job = arena.uint32(lossJobLength);
  writeLossJob(problem, job);
  const bytes = 4 * 64 * negatives;
  measure('sampledSoftmax', bytes, 'GB/s of scores', () => kernels.sampledSoftmax(job.byteOffset, 64, 0.1));
  measure('binaryCrossEntropy', bytes, 'GB/s of scores', () =>
    kernels.binaryCrossEntropy(job.byteOffset, 64, 0.1, 0.5),
  );
}

function benchRows(arena: Arena, kernels: NetworkKernels): void {
  const count = rows * width;
  const [x, y] = [drawn(arena, count), drawn(arena, count)].map(array => array.byteOffset);
  const affine = drawn(arena, 2 * width).byteOffset;
  const moments = arena.float32(2 * count).byteOffset;
  const settings = arena.float32(8);
  writeAdamSettings({ learningRate: 1e-3, beta1: 0.9, beta2: 0.98, weightDecay: 0 }, 1, settings);
  const bytes = 4 * count;
  measure('layerNorm', bytes, 'GB/s', () => kernels.layerNorm(x, rows, width, affine, y));
  measure('gelu', bytes, 'GB/s', () => kernels.gelu(x, count, y));
  measure('dropout', bytes, 'GB/s', () => kernels.dropout(y, count, 0.2, 7, 0));
  measure('adam', bytes, 'GB/s of parameters', () => kernels.adam(x, y, moments, count, settings.byteOffset));
}

function main(): void {
  console.log(environmentLine());
  const arena = createArena();
  const kernels = networkKernelsOver(arena.memory, arena.float32(productScratchLength).byteOffset);
  benchProducts(arena, kernels);
  benchAttention(arena, kernels);
  benchLosses(arena, kernels);
  benchRows(arena, kernels);
}

main();
