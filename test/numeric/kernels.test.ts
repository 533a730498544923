import fc from 'fast-check';
import { csrFromTriplets } from '../../src/numeric/csr';
import { dot } from '../../src/numeric/dot';
import { panelColumns } from '../../src/numeric/multiplySparse';
import { paddedColumns } from '../../src/numeric/paddedColumns';
import { createRng, type Rng } from '../../src/numeric/rng';
import type { RidgeProblem } from '../../src/numeric/solveRidgeRows';
import { type Arena, createArena } from '../../src/numeric/wasm/arena';
import type { Kernels } from '../../src/numeric/wasm/kernels';
import { kernelsOver } from '../../src/numeric/wasm/kernelsOver';
import { plainKernels } from '../../src/numeric/wasm/plainKernels';
import { ridgeJobLength, ridgeScratchLength, writeRidgeJob } from '../../src/numeric/wasm/ridgeJob';

/** An arena with the kernels and their twins over it; every property allocates and fills its own arrays. */
interface Bench {
  readonly arena: Arena;
  readonly simd: Kernels;
  readonly plain: Kernels;
}

function bench(): Bench {
  const arena = createArena();
  return { arena, simd: kernelsOver(arena.memory), plain: plainKernels(arena.memory) };
}

/** Gaussian rows, padded with zeros beyond the rank. */
function gaussianRows(arena: Arena, rng: Rng, rows: number, rank: number): Float32Array {
  const columns = paddedColumns(rank);
  const matrix = arena.float32(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < rank; k++) matrix[row * columns + k] = rng.gaussian();
  }
  return matrix;
}

/** Largest difference relative to the largest value. */
function differenceOf(found: Float32Array, expected: Float32Array): number {
  let [difference, size] = [0, 1e-30];
  for (const [at, value] of expected.entries()) {
    difference = Math.max(difference, Math.abs(found[at] - value));
    size = Math.max(size, Math.abs(value));
    if (Number.isNaN(found[at])) return Number.POSITIVE_INFINITY;
  }
  return difference / size;
}

const someRank = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(1, 7, 8, 64, 100));
const settings = { seed: 2026, numRuns: 60 };

describe('the WebAssembly kernels', () => {
  it('run on this engine, not their twins', () => {
    const { simd } = bench();
    expect(String(simd.dot)).toContain('[native code]');
  });

  it('dot: agrees with its twin for every length', () => {
    fc.assert(
      fc.property(fc.nat(70), fc.nat(), (length, seed) => {
        const { arena, simd } = bench();
        const rng = createRng(seed);
        const a = arena.float32(length).map(() => rng.gaussian());
        const [left, right] = [arena.float32(length), arena.float32(length)];
        left.set(a);
        right.set(a.map(() => rng.gaussian()));
        const found = simd.dot(left.byteOffset, right.byteOffset, length);
        expect(Math.abs(found - dot(left, right))).toBeLessThan(1e-5 * (1 + length));
      }),
      settings,
    );
  });

  it('scoreRows: equals its twin bit for bit, for a single query and for several', () => {
    fc.assert(
      fc.property(fc.nat(35), fc.nat(5), someRank, fc.nat(), (queryCount, quads, rank, seed) => {
        const { arena, simd, plain } = bench();
        const rng = createRng(seed);
        const columns = paddedColumns(rank);
        const count = 4 * quads;
        const queries = gaussianRows(arena, rng, queryCount, rank);
        const rows = gaussianRows(arena, rng, count, rank);
        const [found, expected, alone] = [0, 1, 2].map(() => arena.float32(queryCount * count));
        const [q, r] = [queries.byteOffset, rows.byteOffset];
        simd.scoreRows(q, queryCount, r, count, columns, found.byteOffset);
        plain.scoreRows(q, queryCount, r, count, columns, expected.byteOffset);
        expect(found).toEqual(expected);
        for (let one = 0; one < queryCount; one++) {
          simd.scoreRows(
            q + 4 * one * columns,
            1,
            r,
            count,
            columns,
            alone.subarray(one * count, (one + 1) * count).byteOffset,
          );
        }
        expect(alone).toEqual(expected);
      }),
      settings,
    );
  });
});

describe('rotation and Gram kernels', () => {
  it('rotateRows: equals its twin bit for bit', () => {
    fc.assert(
      fc.property(fc.nat(40), someRank, fc.nat(), (count, rank, seed) => {
        const { arena, simd, plain } = bench();
        const rng = createRng(seed);
        const columns = paddedColumns(rank);
        const transposed = gaussianRows(arena, rng, columns, columns);
        const found = gaussianRows(arena, rng, count, rank);
        const expected = arena.float32(found.length);
        expected.set(found);
        const scratch = arena.float32(16 * columns).byteOffset;
        simd.rotateRows(found.byteOffset, count, columns, transposed.byteOffset, scratch);
        plain.rotateRows(expected.byteOffset, count, columns, transposed.byteOffset, scratch);
        expect(found).toEqual(expected);
      }),
      settings,
    );
  });

  it('addGram: adds to the lower triangle of its output, as its twin does', () => {
    fc.assert(
      fc.property(fc.nat(300), someRank, fc.nat(), (count, rank, seed) => {
        const { arena, simd, plain } = bench();
        const rng = createRng(seed);
        const columns = paddedColumns(rank);
        const rows = gaussianRows(arena, rng, count, rank);
        const start = gaussianRows(arena, rng, columns, columns);
        const found = arena.float32(columns * columns);
        const expected = arena.float32(columns * columns);
        found.set(start);
        expected.set(start);
        const scratch = arena.float32(128 * columns + 16).byteOffset;
        simd.addGram(rows.byteOffset, count, columns, found.byteOffset, scratch);
        plain.addGram(rows.byteOffset, count, columns, expected.byteOffset, scratch);
        for (let i = 0; i < columns; i++) {
          for (let j = i + 1; j < columns; j++) found[i * columns + j] = expected[i * columns + j];
        }
        expect(differenceOf(found, expected)).toBeLessThan(1e-5);
      }),
      settings,
    );
  });
});

describe('Cholesky kernels', () => {
  it('choleskyFactor and choleskySolve: agree with their twins', () => {
    fc.assert(
      fc.property(fc.nat(20), fc.nat(), (quads, seed) => {
        const { arena, simd, plain } = bench();
        const rng = createRng(seed);
        const n = 4 * quads;
        const rows = gaussianRows(arena, rng, n, Math.max(n, 1));
        const columns = paddedColumns(Math.max(n, 1));
        const [found, expected] = [arena.float32(n * n), arena.float32(n * n)];
        for (let i = 0; i < n; i++) {
          for (let j = 0; j <= i; j++) {
            found[i * n + j] = dot(
              rows.subarray(i * columns, i * columns + columns),
              rows.subarray(j * columns, j * columns + columns),
            );
          }
        }
        expected.set(found);
        const [e, floor] = [arena.float32(n).fill(0.5), arena.float32(n).fill(0.5)];
        const scratch = arena.float32(16).byteOffset;
        const [x, y] = [arena.float32(n), arena.float32(n)];
        for (let i = 0; i < n; i++) x[i] = rng.gaussian();
        y.set(x);
        simd.choleskyFactor(found.byteOffset, n, e.byteOffset, scratch);
        plain.choleskyFactor(expected.byteOffset, n, floor.byteOffset, scratch);
        expect(differenceOf(found, expected)).toBeLessThan(2e-5);
        expect(differenceOf(e, floor)).toBeLessThan(2e-5);
        simd.choleskySolve(found.byteOffset, n, e.byteOffset, x.byteOffset);
        plain.choleskySolve(expected.byteOffset, n, floor.byteOffset, y.byteOffset);
        expect(differenceOf(x, y)).toBeLessThan(2e-4);
      }),
      settings,
    );
  });

  it('choleskyFactor: raises a pivot that rounding would push below its floor', () => {
    const { arena, simd } = bench();
    // Two equal rows make the second pivot exactly its e; here A is slightly indefinite.
    const a = arena.float32(16);
    a.set([1, 0, 0, 0, 1, 0.999, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
    const e = arena.float32(4).fill(1e-6);
    simd.choleskyFactor(a.byteOffset, 4, e.byteOffset, arena.float32(16).byteOffset);
    expect(a[5]).toBeCloseTo(1e-3, 6);
  });
});

/** A ridge problem whose rows have 0 to `most` entries, some of them with target 0. */
function drawProblem(arena: Arena, rng: Rng, rank: number, most: number): RidgeProblem {
  const [rows, fixedRows, columns] = [12, Math.max(most, 1) + 5, paddedColumns(rank)];
  const counts = Array.from({ length: rows }, (_, row) =>
    row === 0 ? 0 : row === 1 ? most : rng.int(most + 1),
  );
  const entries = counts.reduce((sum, count) => sum + count, 0);
  const [indptr, indices, values] = [arena.uint32(rows + 1), arena.uint32(entries), arena.float32(entries)];
  let end = 0;
  for (const [row, count] of counts.entries()) {
    const chosen = rng.shuffle(Uint32Array.from({ length: fixedRows }, (_, at) => at)).subarray(0, count);
    indices.set(chosen.sort(), end);
    for (let entry = 0; entry < count; entry++) {
      values[end + entry] = (0.5 + 4 * rng.uniform()) * (rng.uniform() < 0.2 ? -1 : 1);
    }
    end += count;
    indptr[row + 1] = end;
  }
  const factors = gaussianRows(arena, rng, fixedRows, rank);
  for (const [at, value] of factors.entries()) factors[at] = value / Math.sqrt(rank);
  const prior = arena.float32(columns).map(() => rng.uniform());
  const [priors, ridge] = [arena.float32(columns), arena.float32(rows)];
  priors.set(prior);
  ridge.set(ridge.map(() => 0.05 + rng.uniform()));
  return { factors, indptr, indices, values, prior: priors, ridge, out: arena.float32(rows * columns) };
}

describe('solveRows', () => {
  it.each([
    ['dual where it is cheaper', 1],
    ['primal throughout', 0],
  ])('agrees with a direct solution in float64 (%s)', (_way, share) => {
    fc.assert(
      fc.property(
        someRank,
        fc.oneof(fc.nat(60), fc.constantFrom(128, 129, 300)),
        fc.nat(),
        (rank, most, seed) => {
          const { arena, simd, plain } = bench();
          const problem = drawProblem(arena, createRng(seed), rank, most);
          const columns = problem.prior.length;
          const [job, scratch] = [arena.uint32(ridgeJobLength), arena.float32(ridgeScratchLength(columns))];
          writeRidgeJob(problem, share * columns, job);
          plain.solveRows(job.byteOffset, scratch.byteOffset, 0, 12);
          const expected = problem.out.slice();
          problem.out.fill(Number.NaN);
          simd.solveRows(job.byteOffset, scratch.byteOffset, 0, 12);
          expect(differenceOf(problem.out, expected)).toBeLessThan(1e-4);
          expect([...problem.out.subarray(0, columns)]).toEqual(new Array(columns).fill(0));
        },
      ),
      settings,
    );
  });

  it('changes no row outside the range', () => {
    const { arena, simd } = bench();
    const problem = drawProblem(arena, createRng(3), 9, 20);
    const columns = problem.prior.length;
    const [job, scratch] = [arena.uint32(ridgeJobLength), arena.float32(ridgeScratchLength(columns))];
    writeRidgeJob(problem, columns, job);
    problem.out.fill(Number.NaN);
    simd.solveRows(job.byteOffset, scratch.byteOffset, 4, 7);
    const solved = Array.from({ length: 12 }, (_, row) => !Number.isNaN(problem.out[row * columns]));
    expect(solved).toEqual(Array.from({ length: 12 }, (_, row) => row >= 4 && row < 7));
  });

  it('rejects arrays that are not in an arena', () => {
    const { arena } = bench();
    const problem = drawProblem(arena, createRng(3), 9, 20);
    const job = arena.uint32(ridgeJobLength);
    expect(() => writeRidgeJob({ ...problem, out: new Float32Array(4) }, 8, job)).toThrow(RangeError);
    expect(() => writeRidgeJob(problem, 17, job)).toThrow(RangeError);
  });
});

/** Σ w·(x·z - p)² + xᵀ·D·x of a row of the problem at its current `out`. */
function rowLoss({ factors, indptr, indices, values, prior, ridge, out }: RidgeProblem, row: number): number {
  const columns = prior.length;
  const x = out.subarray(row * columns, (row + 1) * columns);
  let loss = x.reduce((sum, value, k) => sum + (prior[k] + ridge[row]) * value * value, 0);
  for (let entry = indptr[row]; entry < indptr[row + 1]; entry++) {
    const start = indices[entry] * columns;
    const rest = dot(x, factors.subarray(start, start + columns)) - Number(values[entry] > 0);
    loss += Math.abs(values[entry]) * rest * rest;
  }
  return loss;
}

/** A problem whose rows of at least `from` entries are solved by blocks, with a starting point, and its solver. */
function drawBlocksProblem(rank: number, most: number, block: number, from: number, seed: number) {
  const { arena, simd, plain } = bench();
  const problem = drawProblem(arena, createRng(seed), rank, most);
  const columns = problem.prior.length;
  const width = Math.min(block, columns);
  const job = arena.uint32(ridgeJobLength);
  const scratch = arena.float32(ridgeScratchLength(columns, width, most)).byteOffset;
  const beyond = arena.float32(1).fill(7);
  writeRidgeJob(problem, columns, job, { columns: width, from });
  const rng = createRng(seed + 1);
  const start = problem.out.map((_, at) => (at % columns < rank ? rng.gaussian() : 0));
  const runOf = (kernels: Kernels) => () => kernels.solveRows(job.byteOffset, scratch, 0, 12);
  return { problem, columns, job, start, beyond, improve: runOf(simd), improvePlainly: runOf(plain) };
}

describe('solveRows by blocks', () => {
  it('runs a pass over long rows as its twin does, solves the others, and stays within its scratch', () => {
    fc.assert(
      fc.property(
        someRank,
        fc.oneof(fc.nat(60), fc.constantFrom(128, 129, 300)),
        fc.constantFrom(8, 16, 64),
        fc.integer({ min: 1, max: 40 }),
        fc.nat(),
        (rank, most, block, from, seed) => {
          const drawn = drawBlocksProblem(rank, most, block, from, seed);
          const { out } = drawn.problem;
          out.set(drawn.start);
          drawn.improvePlainly();
          const expected = out.slice();
          out.set(drawn.start);
          drawn.improve();
          expect(differenceOf(out, expected)).toBeLessThan(1e-4);
          expect(drawn.beyond[0]).toBe(7);
        },
      ),
      settings,
    );
  });

  it('never increases the loss of a row, and converges to the exact solution', () => {
    fc.assert(
      fc.property(fc.integer({ min: 9, max: 40 }), fc.constantFrom(8, 16), fc.nat(), (rank, block, seed) => {
        const { problem, columns, job, start, improve } = drawBlocksProblem(rank, 60, block, 1, seed);
        problem.out.set(start);
        for (let pass = 0; pass < 400; pass++) {
          const before = Array.from({ length: 12 }, (_, row) => rowLoss(problem, row));
          improve();
          if (pass > 2) continue;
          for (const [row, loss] of before.entries()) {
            expect(rowLoss(problem, row)).toBeLessThanOrEqual(loss * (1 + 1e-5));
          }
        }
        const found = problem.out.slice();
        writeRidgeJob(problem, columns, job);
        improve();
        expect(differenceOf(found, problem.out)).toBeLessThan(1e-4);
      }),
      { ...settings, numRuns: 15 },
    );
  });
});

describe('multiplySparse', () => {
  it('equals its twin bit for bit, and changes no row outside the range', () => {
    fc.assert(
      fc.property(fc.nat(30), fc.integer({ min: 1, max: 30 }), fc.nat(), (rows, columns, seed) => {
        const { arena, simd, plain } = bench();
        const rng = createRng(seed);
        const entries = rows * 3;
        const [row, column] = [rows, columns].map(size =>
          Array.from({ length: entries }, () => rng.int(size)),
        );
        const value = Array.from({ length: entries }, () => rng.gaussian());
        const matrix = csrFromTriplets({ row, column, value }, rows, columns);
        const indptr = arena.uint32(matrix.indptr.length);
        const indices = arena.uint32(matrix.indices.length);
        const values = arena.float32(matrix.values.length);
        indptr.set(matrix.indptr);
        indices.set(matrix.indices);
        values.set(matrix.values);
        const x = gaussianRows(arena, rng, columns, panelColumns);
        const [found, expected] = [0, 1].map(() => arena.float32(rows * panelColumns).fill(7));
        const begin = Math.floor(rows / 3);
        const address = arena.uint32(3);
        address.set([indptr.byteOffset, indices.byteOffset, values.byteOffset]);
        simd.multiplySparse(address.byteOffset, begin, rows, x.byteOffset, found.byteOffset);
        plain.multiplySparse(address.byteOffset, begin, rows, x.byteOffset, expected.byteOffset);
        expect(found).toEqual(expected);
        expect(found.subarray(0, begin * panelColumns).every(kept => kept === 7)).toBe(true);
      }),
      settings,
    );
  });
});

describe('createArena', () => {
  it('keeps earlier arrays valid while it grows, aligned and disjoint', () => {
    const arena = createArena();
    const first = arena.float32(10).fill(7);
    const second = arena.uint32(200_000).fill(3);
    expect(first[9]).toBe(7);
    expect(first.byteOffset % 64).toBe(0);
    expect(second.byteOffset).toBeGreaterThanOrEqual(first.byteOffset + 40);
    expect(new Uint32Array(arena.memory.buffer, second.byteOffset, 1)[0]).toBe(3);
  });

  it('rejects more than 4 GiB with a remedy', () => {
    const arena = createArena();
    expect(() => arena.float32(2 ** 30)).toThrow(/4 GiB/);
  });
});
