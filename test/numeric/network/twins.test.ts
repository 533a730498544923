import fc from 'fast-check';
import { writeAdamSettings } from '../../../src/numeric/network/adamSettings';
import {
  attentionJobLength,
  attentionScratchLength,
  lossJobLength,
  writeAttentionJob,
  writeLossJob,
} from '../../../src/numeric/network/jobs';
import { createRng } from '../../../src/numeric/rng';
import { type Arena, createArena } from '../../../src/numeric/wasm/arena';
import type { NetworkKernels } from '../../../src/numeric/wasm/networkKernels';
import { networkKernelsOver } from '../../../src/numeric/wasm/networkKernelsOver';
import { copied, differenceOf, drawn, networkBench } from './support';

const settings = { numRuns: 8, seed: 1 };
/** Rounding error of float32 sums of a few hundred products in a different order. */
const rounding = 2e-5;

it('places no static data in the memory it works on', () => {
  const arena = createArena();
  const first = arena.float32(4096);
  networkKernelsOver(arena.memory, first.byteOffset);
  expect(first.every(value => value === 0)).toBe(true);
});

describe('products of matrices', () => {
  it.each([
    'multiply',
    'addMultiply',
    'multiplyTransposed',
    'addMultiplyTransposed',
    'addTransposedMultiply',
  ] as const)('%s: agrees with its twin, for any number of rows', name => {
    fc.assert(
      fc.property(fc.nat(70), fc.nat(90), fc.integer({ min: 1, max: 20 }), (rowCount, depth, eights) => {
        const { arena, simd, plain } = networkBench();
        const rows = name === 'addTransposedMultiply' ? 4 * Math.ceil(rowCount / 4) : rowCount;
        const inner = name.endsWith('Transposed') ? 4 * depth : depth * 4 + 1;
        const columns = 8 * eights;
        const a = drawn(arena, rowCount, rows * inner);
        const b = drawn(arena, depth + 1, inner * columns);
        const found = drawn(arena, 3, rows * columns);
        const expected = copied(arena, found);
        simd[name](a.byteOffset, b.byteOffset, found.byteOffset, rows, inner, columns);
        plain[name](a.byteOffset, b.byteOffset, expected.byteOffset, rows, inner, columns);
        expect(differenceOf(found, expected)).toBeLessThan(rounding);
      }),
      settings,
    );
  });
});

describe('element by element', () => {
  it.each(['gelu', 'relu', 'sigmoid', 'tanh', 'addInto'] as const)('%s: agrees with its twin', name => {
    const { arena, simd, plain } = networkBench();
    const x = drawn(arena, 1, 400).map(value => 6 * value);
    const input = copied(arena, x);
    input.set([0, 100, -100, 40]);
    const found = drawn(arena, 2, 400);
    const expected = copied(arena, found);
    simd[name](input.byteOffset, 400, found.byteOffset);
    plain[name](input.byteOffset, 400, expected.byteOffset);
    expect(differenceOf(found, expected)).toBeLessThan(1e-6);
  });

  it.each(['geluBackward', 'reluBackward'] as const)('%s: agrees with its twin', name => {
    const { arena, simd, plain } = networkBench();
    const x = drawn(arena, 1, 400);
    const found = drawn(arena, 2, 400);
    const expected = copied(arena, found);
    simd[name](x.byteOffset, 400, found.byteOffset);
    plain[name](x.byteOffset, 400, expected.byteOffset);
    expect(differenceOf(found, expected)).toBeLessThan(1e-6);
  });

  it('dropout: drops the same elements as its twin at the given rate, and preserves the mean', () => {
    const { arena, simd, plain } = networkBench();
    const found = arena.float32(20_000).fill(1);
    const expected = copied(arena, found);
    simd.dropout(found.byteOffset, 20_000, 0.3, 0xdeadbeef, 12);
    plain.dropout(expected.byteOffset, 20_000, 0.3, 0xdeadbeef, 12);
    expect(found).toEqual(expected);
    expect(found.filter(value => value === 0).length / 20_000).toBeCloseTo(0.3, 1);
    expect(found.reduce((sum, value) => sum + value, 0) / 20_000).toBeCloseTo(1, 1);
  });

  it('dropout: masks part of a range as it masks the whole range', () => {
    const { arena, simd } = networkBench();
    const whole = arena.float32(80).fill(1);
    const part = arena.float32(40).fill(1);
    simd.dropout(whole.byteOffset, 80, 0.5, 7, 0);
    simd.dropout(part.byteOffset, 40, 0.5, 7, 40);
    expect([...part]).toEqual([...whole.subarray(40)]);
  });

  it('adam: agrees with its twin over several steps', () => {
    const { arena, simd, plain } = networkBench();
    const found = drawn(arena, 1, 64);
    const expected = copied(arena, found);
    const [moments, others, config] = [arena.float32(128), arena.float32(128), arena.float32(8)];
    for (let step = 1; step <= 5; step++) {
      const gradient = drawn(arena, 10 + step, 64);
      writeAdamSettings({ learningRate: 0.1, beta1: 0.9, beta2: 0.99, weightDecay: 0.1 }, step, config);
      simd.adam(found.byteOffset, gradient.byteOffset, moments.byteOffset, 64, config.byteOffset);
      plain.adam(expected.byteOffset, gradient.byteOffset, others.byteOffset, 64, config.byteOffset);
    }
    expect(differenceOf(found, expected)).toBeLessThan(1e-6);
  });
});

describe('row by row', () => {
  const [count, columns] = [13, 24];

  function rowsBench() {
    const { arena, simd, plain } = networkBench();
    const rng = createRng(5);
    const indices = arena.uint32(count);
    for (let i = 0; i < count; i++) indices[i] = rng.int(7);
    return { arena, simd, plain, indices, rows: drawn(arena, 1, count * columns) };
  }

  /** Runs both kernels on copies of `start` and returns the difference. */
  function apart(
    { arena, simd, plain }: { arena: Arena; simd: NetworkKernels; plain: NetworkKernels },
    length: number,
    run: (kernels: NetworkKernels, out: number) => void,
  ): number {
    const found = drawn(arena, 9, length);
    const expected = copied(arena, found);
    run(simd, found.byteOffset);
    run(plain, expected.byteOffset);
    return differenceOf(found, expected);
  }

  it('gatherRows and scatterAddRows: agree with their twins', () => {
    const bench = rowsBench();
    const [rows, indices] = [bench.rows.byteOffset, bench.indices.byteOffset];
    const gather = apart(bench, count * columns, (k, out) =>
      k.gatherRows(rows, indices, count, columns, 3, out),
    );
    const scatter = apart(bench, 7 * columns, (k, out) =>
      k.scatterAddRows(rows, indices, count, columns, 3, out),
    );
    expect(Math.max(gather, scatter)).toBeLessThan(1e-6);
  });

  it('addBias, addColumnSums, rowDots and addScaledRows: agree with their twins', () => {
    const bench = rowsBench();
    const other = drawn(bench.arena, 4, count * columns).byteOffset;
    const rows = bench.rows.byteOffset;
    const worst = [
      apart(bench, count * columns, (k, out) => k.addBias(out, count, columns, other)),
      apart(bench, columns, (k, out) => k.addColumnSums(rows, count, columns, out)),
      apart(bench, count, (k, out) => k.rowDots(rows, other, count, columns, out)),
      apart(bench, count * columns, (k, out) => k.addScaledRows(rows, other, count, columns, out)),
    ];
    expect(Math.max(...worst)).toBeLessThan(1e-6);
  });

  it('layerNorm and its gradient: agree with their twins', () => {
    const bench = rowsBench();
    const affine = drawn(bench.arena, 4, 2 * columns).byteOffset;
    const rows = bench.rows.byteOffset;
    const spare = bench.arena.float32(count * columns);
    const worst = [
      apart(bench, count * columns, (k, out) => k.layerNorm(rows, count, columns, affine, out)),
      apart(bench, count * columns, (k, out) =>
        k.layerNormBackward(rows, count, columns, affine, out, spare.byteOffset),
      ),
      apart(bench, 2 * columns, (k, out) => {
        spare.set(bench.rows);
        k.layerNormBackward(rows, count, columns, affine, spare.byteOffset, out);
      }),
    ];
    expect(Math.max(...worst)).toBeLessThan(1e-5);
  });
});

/** Arrays of an attention problem for packed sequences of the given lengths. */
function attentionProblem(arena: Arena, lengths: readonly number[], isCausal: boolean) {
  const [heads, width, span] = [2, 32, Math.max(...lengths)];
  const rows = lengths.reduce((sum, length) => sum + length, 0);
  const offsets = arena.uint32(lengths.length + 1);
  for (const [s, length] of lengths.entries()) offsets[s + 1] = offsets[s] + length;
  const places = lengths.reduce((sum, length) => sum + heads * length * 8 * Math.ceil(length / 8), 0);
  return {
    qkv: drawn(arena, 1, (rows + 8) * 3 * width),
    out: arena.float32(rows * width),
    probabilities: arena.float32(places).fill(5),
    offsets,
    bias: isCausal ? drawn(arena, 2, heads * (span + 8)) : null,
    span,
    heads,
    width,
    isCausal,
    gradient: drawn(arena, 3, rows * width),
    qkvGradient: arena.float32(rows * 3 * width),
    biasGradient: isCausal ? arena.float32(heads * (span + 8)) : null,
  };
}

describe('attention', () => {
  it.each([true, false])('agrees with its twin, forward and backward (causal: %s)', isCausal => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 110 }), { minLength: 1, maxLength: 4 }), lengths => {
        const { arena, simd, plain } = networkBench();
        const results = [simd, plain].map(kernels => {
          const problem = attentionProblem(arena, lengths, isCausal);
          const job = arena.uint32(attentionJobLength);
          writeAttentionJob(problem, arena.float32(attentionScratchLength(problem.span)), job);
          kernels.attention(job.byteOffset, 0, lengths.length);
          kernels.attentionBackward(job.byteOffset, 0, lengths.length);
          return problem;
        });
        const [found, expected] = results;
        expect(differenceOf(found.out, expected.out)).toBeLessThan(rounding);
        expect(differenceOf(found.qkvGradient, expected.qkvGradient)).toBeLessThan(rounding);
        if (found.biasGradient && expected.biasGradient)
          expect(differenceOf(found.biasGradient, expected.biasGradient)).toBeLessThan(rounding);
      }),
      settings,
    );
  });
});

describe('losses over shared negatives', () => {
  it.each(['sampledSoftmax', 'binaryCrossEntropy'] as const)('%s: agrees with its twin', name => {
    const { arena, simd, plain } = networkBench();
    const [rows, count] = [9, 40];
    const results = [simd, plain].map(kernels => {
      const problem = {
        logits: drawn(arena, 1, rows * count),
        positives: drawn(arena, 2, rows),
        targets: arena.uint32(rows).fill(3),
        negatives: arena.uint32(count),
        corrections: drawn(arena, 4, count),
        losses: arena.float32(rows),
      };
      problem.negatives.set(problem.negatives.map((_, k) => k % 20));
      const job = arena.uint32(lossJobLength);
      writeLossJob(problem, job);
      kernels[name](job.byteOffset, rows, 0.25, 0.7);
      return problem;
    });
    const [found, expected] = results;
    for (const array of ['logits', 'positives', 'losses'] as const)
      expect(differenceOf(found[array], expected[array])).toBeLessThan(1e-6);
    expect(found.logits[3]).toBe(0);
  });
});
