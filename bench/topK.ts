// Exact top 20 of 100,000 products for one shopper on one core, in three ways: by a scan of quantized rows
// (src/numeric/scan.ts), by scoring all rows in WebAssembly SIMD, and by scoring them in plain JavaScript.
//
// node scripts/bench.mjs topK
import { createRng } from '../src/numeric/rng';
import { createScan } from '../src/numeric/scan';
import { topKInto } from '../src/numeric/topK';
import { createArena } from '../src/numeric/wasm/arena';
import { kernelsOver } from '../src/numeric/wasm/kernelsOver';
import { environmentLine, medianOf } from './environment';

const products = 100_000;
const runs = 200;

/** The straightforward loop. */
function plainScores(query: Float32Array, rows: Float32Array, columns: number, out: Float32Array): void {
  for (let row = 0; row < out.length; row++) {
    let sum = 0;
    for (let k = 0; k < columns; k++) sum += query[k] * rows[row * columns + k];
    out[row] = sum;
  }
}

/** Milliseconds per run, after a warm-up of a tenth of the runs. */
function timeOf(work: () => void): { median: number; minimum: number } {
  for (let run = 0; run < runs / 10; run++) work();
  const times = Array.from({ length: runs }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return { median: medianOf(times), minimum: Math.min(...times) };
}

const textOf = ({ median, minimum }: { median: number; minimum: number }): string =>
  `${median.toFixed(3)} ms (minimum ${minimum.toFixed(3)} ms)`;

async function measure(columns: number): Promise<void> {
  const rng = createRng(1);
  const arena = createArena();
  const rows = arena.float32(products * columns);
  const query = arena.float32(columns);
  const scores = arena.float32(products);
  for (let at = 0; at < rows.length; at++) rows[at] = rng.gaussian();
  for (let at = 0; at < columns; at++) query[at] = rng.gaussian();
  const [best, kept] = [new Uint32Array(20), new Float32Array(20)];
  const { dot, scoreRows } = kernelsOver(arena.memory);
  const [x, y, out] = [query.byteOffset, rows.byteOffset, scores.byteOffset];
  const plainRows = Float32Array.from(rows);
  const plainOut = new Float32Array(products);

  // One minimal pass over the same bytes: the current limit of memory bandwidth.
  const read = timeOf(() => dot(y, y, rows.length));
  const choose = timeOf(() => topKInto(scores, best, kept));
  const simd = timeOf(() => {
    scoreRows(x, 1, y, products, columns, out);
    topKInto(scores, best, kept);
  });
  const expected = best.slice();
  const plain = timeOf(() => {
    plainScores(query, plainRows, columns, plainOut);
    topKInto(plainOut, best, kept);
  });
  const isPlainSame = best.every((row, place) => row === expected[place]);
  const shopper = Float32Array.from(query);
  const before = performance.now();
  const scan = await createScan(plainRows, columns);
  const made = performance.now() - before;
  const quick = timeOf(() => scan.topInto(shopper, best, kept));
  const same = isPlainSame && best.every((row, place) => row === expected[place]);
  console.log(
    `${products} × ${columns}: scan ${textOf(quick)}, built once in ${made.toFixed(0)} ms; all rows in WebAssembly ` +
      `${textOf(simd)}, in plain JavaScript ${textOf(plain)}; topK alone ${textOf(choose)}; one pass over the rows ` +
      `${textOf(read)} (${((4 * products * columns) / read.median / 1e6).toFixed(1)} GB/s); lists ${same ? 'equal' : 'DIFFER'}`,
  );
}

console.log(`${environmentLine()}; medians of ${runs} runs`);
async function main(): Promise<void> {
  for (const columns of [64, 128]) await measure(columns);
}

void main();
