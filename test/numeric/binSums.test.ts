import fc from 'fast-check';
import { binSumsJobLength, writeBinSumsJob } from '../../src/numeric/binSums';
import { createRng } from '../../src/numeric/rng';
import { createArena } from '../../src/numeric/wasm/arena';
import { kernelsOver } from '../../src/numeric/wasm/kernelsOver';
import { plainKernels } from '../../src/numeric/wasm/plainKernels';

const binCount = 5;

/** A job of random rows in an arena, with its kernels, and its sums by their definition. */
function randomJob(count: number, columns: number, seed: number) {
  const arena = createArena();
  const rng = createRng(seed);
  const bins = arena.uint8(count * columns);
  const pairs = arena.float32(2 * count);
  const rows = arena.uint32(count);
  const list = arena.uint32(2 * columns);
  const words = arena.uint32(binSumsJobLength);
  for (let cell = 0; cell < bins.length; cell++) bins[cell] = rng.int(binCount);
  for (let cell = 0; cell < pairs.length; cell++) pairs[cell] = rng.gaussian();
  rows.set(rng.shuffle(Array.from({ length: count }, (_, row) => row)));
  for (let column = 0; column < columns; column++)
    list.set([bins.byteOffset + column * count, 16 * binCount * column], 2 * column);
  writeBinSumsJob({ rows, pairs, ordered: arena.float32(2 * count), columns: list }, words);
  /** Adds the pair of a row to the sums of all columns. */
  const addRow = (out: Float64Array, row: number): void => {
    for (let column = 0; column < columns; column++) {
      const cell = 2 * (binCount * column + bins[column * count + row]);
      out[cell] += pairs[2 * row];
      out[cell + 1] += pairs[2 * row + 1];
    }
  };
  return { arena, rows, words, addRow, out: () => arena.float64(2 * binCount * columns).fill(1) };
}

describe('sumBins', () => {
  it('returns the bits of the sums by their definition, as does its twin, for any number of columns', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(9), fc.nat(), (count, columns, seed) => {
        const { arena, rows, words, addRow, out } = randomJob(count, columns, seed);
        const expected = out();
        const begin = Math.floor(count / 3);
        for (const row of rows.subarray(begin)) addRow(expected, row);
        for (const kernels of [kernelsOver(arena.memory), plainKernels(arena.memory)]) {
          const found = out();
          kernels.sumBins(words.byteOffset, begin, count, found.byteOffset);
          expect(found).toEqual(expected);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('subtractPairs', () => {
  it('subtracts the pairs, as does its twin, and changes nothing after them', () => {
    fc.assert(
      fc.property(fc.nat(20), fc.nat(), (count, seed) => {
        const arena = createArena();
        const rng = createRng(seed);
        const [from, part] = [0, 1].map(() => Float64Array.from({ length: 2 * count + 2 }, rng.gaussian));
        const expected = from.map((own, cell) => (cell < 2 * count ? own - part[cell] : own));
        for (const kernels of [kernelsOver(arena.memory), plainKernels(arena.memory)]) {
          const [found, other] = [arena.float64(from.length), arena.float64(from.length)];
          found.set(from);
          other.set(part);
          kernels.subtractPairs(found.byteOffset, other.byteOffset, count);
          expect([...found]).toEqual([...expected]);
        }
      }),
      { numRuns: 60 },
    );
  });
});
