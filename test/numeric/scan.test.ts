import fc from 'fast-check';
import { createRng, type Rng } from '../../src/numeric/rng';
import { createScan } from '../../src/numeric/scan';
import { scanRows } from '../../src/numeric/scanRows';
import { scoreRowsInto } from '../../src/numeric/scoreRows';
import { topKInto } from '../../src/numeric/topK';
import { createArena } from '../../src/numeric/wasm/arena';
import { kernelsOver } from '../../src/numeric/wasm/kernelsOver';
import { plainKernels } from '../../src/numeric/wasm/plainKernels';
import { readScanJob, scanJobLength, writeScanJob } from '../../src/numeric/wasm/scanJob';

const settings = { seed: 2026, numRuns: 60 };

interface Found {
  readonly rows: readonly number[];
  readonly scores: readonly number[];
}

type TopInto = (best: Uint32Array, scores: Float32Array) => number;

function found(k: number, topInto: TopInto): Found {
  const [best, scores] = [new Uint32Array(k), new Float32Array(k)];
  const length = topInto(best, scores);
  return { rows: [...best.subarray(0, length)], scores: [...scores.subarray(0, length)] };
}

/** Scores every row and selects the best: the result that a scan must equal. */
function plainly(rows: Float32Array, query: Float32Array, k: number, allowed?: Uint8Array): Found {
  const all = new Float32Array(rows.length / query.length);
  scoreRowsInto(query, rows, query.length, all);
  return found(k, (best, scores) => topKInto(all, best, scores, allowed));
}

const scanned = async (
  rows: Float32Array,
  query: Float32Array,
  k: number,
  allowed?: Uint8Array,
): Promise<Found> => {
  const scan = await createScan(rows, query.length);
  return found(k, (best, scores) => scan.topInto(query, best, scores, allowed));
};

/** Matrices like those of models, and harder ones: columns of very different magnitude, few distinct rows, one huge number. */
const kinds = {
  gaussian: (rng: Rng) => rng.gaussian(),
  'columns of decreasing magnitude': (rng: Rng, k: number) => rng.gaussian() * 0.7 ** k + (k === 0 ? 3 : 0),
  'few values, so that scores tie': (rng: Rng) => rng.int(3) - 1,
  'heavy tails': (rng: Rng) => rng.gaussian() ** 7,
  'one constant': () => 0.25,
  'tiny numbers': (rng: Rng) => rng.gaussian() * 1e-18,
  'subnormal numbers': (rng: Rng) => rng.gaussian() * 1e-42,
  'huge numbers': (rng: Rng) => rng.gaussian() * 1e18,
} as const;

describe('a scan', () => {
  it('equals scoring every row bit for bit, with and without a mask', () => {
    const kind = fc.constantFrom(...(Object.keys(kinds) as (keyof typeof kinds)[]));
    const shape = fc.tuple(fc.integer({ min: 0, max: 1100 }), fc.constantFrom(4, 8, 12, 32));
    return fc.assert(
      fc.asyncProperty(
        kind,
        shape,
        fc.integer({ min: 0, max: 40 }),
        fc.nat(),
        async (name, [count, columns], k, seed) => {
          const rng = createRng(seed);
          const drawn = (length: number) =>
            Float32Array.from({ length }, (_, at) => kinds[name](rng, at % columns));
          const rows = drawn(count * columns);
          const query = drawn(columns);
          const share = rng.uniform();
          const allowed = Uint8Array.from({ length: count }, () => Number(rng.uniform() < share));
          expect(await scanned(rows, query, k)).toEqual(plainly(rows, query, k));
          expect(await scanned(rows, query, k, allowed)).toEqual(plainly(rows, query, k, allowed));
        },
      ),
      settings,
    );
  });

  it('finds the best of rows that differ by less than the quantization step', async () => {
    const rng = createRng(7);
    const base = Float32Array.from({ length: 64 }, () => rng.gaussian());
    const rows = Float32Array.from({ length: 64 * 2000 }, (_, at) => base[at % 64] + 1e-6 * rng.gaussian());
    rows.set(base.map(value => -value));
    expect(await scanned(rows, base, 20)).toEqual(plainly(rows, base, 20));
  });

  it('returns lower rows first among equal scores', async () => {
    const rows = new Float32Array(3000 * 4).fill(1);
    rows.fill(0, 0, 4);
    const { rows: best } = await scanned(rows, Float32Array.of(1, 1, 1, 1), 3);
    expect(best).toEqual([1, 2, 3]);
  });

  it('equals scoring every row for a query of zeros, infinities or NaN', async () => {
    const rng = createRng(3);
    const rows = Float32Array.from({ length: 400 }, () => rng.gaussian());
    for (const value of [0, Number.POSITIVE_INFINITY, Number.NaN]) {
      const query = new Float32Array(4).fill(value);
      expect(await scanned(rows, query, 5)).toEqual(plainly(rows, query, 5));
    }
  });

  it('can be called repeatedly', async () => {
    const rng = createRng(5);
    const rows = Float32Array.from({ length: 2000 * 8 }, () => rng.gaussian());
    const scan = await createScan(rows, 8);
    for (let turn = 0; turn < 20; turn++) {
      const query = Float32Array.from({ length: 8 }, () => rng.gaussian());
      const answer = found(1 + turn, (best, scores) => scan.topInto(query, best, scores));
      expect(answer).toEqual(plainly(rows, query, 1 + turn));
    }
  });

  it('rejects non-finite numbers, columns that are not a multiple of 4, and a query of another length', async () => {
    await expect(createScan(Float32Array.of(1, 2, 3, Number.NaN), 4)).rejects.toThrow(RangeError);
    await expect(createScan(new Float32Array(6), 6)).rejects.toThrow(RangeError);
    await expect(createScan(new Float32Array(6), 4)).rejects.toThrow(RangeError);
    const scan = await createScan(new Float32Array(8), 4);
    expect(() => scan.topInto(new Float32Array(8), new Uint32Array(1), new Float32Array(1))).toThrow(
      RangeError,
    );
  });
});

describe('the kernel scanRows', () => {
  it('finds the same rows as its twin, with the same bits', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 20 }),
        fc.nat(),
        (fours, eights, seed) => {
          const [count, columns] = [4 * fours, 8 * eights];
          const rng = createRng(seed);
          const arena = createArena();
          const bytes = arena.uint32((count * columns) / 4);
          const halves = arena.uint32(columns / 2);
          const job = {
            codes: new Int8Array(bytes.buffer, bytes.byteOffset, count * columns).map(
              () => rng.int(255) - 127,
            ),
            scales: arena.float32(count),
            errors: arena.float32(count),
            query: new Int16Array(halves.buffer, halves.byteOffset, columns),
            found: arena.uint32(count),
            estimates: arena.float32(count),
          };
          new Int8Array(bytes.buffer, bytes.byteOffset, count * columns).set(job.codes);
          for (let row = 0; row < count; row++) job.scales[row] = rng.uniform();
          for (let row = 0; row < count; row++)
            job.errors[row] = rng.int(9) === 0 ? Number.NaN : rng.uniform();
          for (let k = 0; k < columns; k++) job.query[k] = rng.int(65_535) - 32_767;
          const words = arena.uint32(scanJobLength);
          writeScanJob({ ...job, codes: new Int8Array(bytes.buffer, bytes.byteOffset, 0) }, words);
          const begin = 4 * rng.int(fours);
          const [unit, threshold] = [Math.fround(2 ** -20), Math.fround(rng.gaussian())];
          const simd = kernelsOver(arena.memory).scanRows(
            words.byteOffset,
            begin,
            count - begin,
            unit,
            threshold,
          );
          const simdFound = [...job.found.subarray(0, simd), ...job.estimates.subarray(0, simd)];
          const twin = plainKernels(arena.memory).scanRows(
            words.byteOffset,
            begin,
            count - begin,
            unit,
            threshold,
          );
          expect(simdFound).toEqual([...job.found.subarray(0, twin), ...job.estimates.subarray(0, twin)]);
          const direct = scanRows(readScanJob(arena.memory, words.byteOffset, count), begin, count - begin, {
            unit,
            threshold,
          });
          expect(direct).toBe(simd);
        },
      ),
      settings,
    );
  });
});
