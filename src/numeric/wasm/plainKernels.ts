import { addGram } from '../addGram';
import { readBinSumsJob, sumBins } from '../binSums';
import { choleskyFactor, choleskySolve } from '../cholesky';
import { dot } from '../dot';
import { improveRidgeRow } from '../improveRidgeRow';
import { multiplySparse, panelColumns } from '../multiplySparse';
import { rotateRows } from '../rotateRows';
import { scanRows } from '../scanRows';
import { scoreRowsInto } from '../scoreRows';
import { solveRidgeRows } from '../solveRidgeRows';
import type { Kernels } from './kernels';
import { readScanJob } from './scanJob';

/**
 * The kernels in plain TypeScript, about ten times slower. Results equal those of WebAssembly: scores bit for bit,
 * solutions up to rounding. Tests compare both.
 */
export function plainKernels(memory: WebAssembly.Memory): Kernels {
  const floats = (address: number, length: number) => new Float32Array(memory.buffer, address, length);
  const words = (address: number, length: number) => new Uint32Array(memory.buffer, address, length);
  return {
    dot: (a, b, length) => dot(floats(a, length), floats(b, length)),
    scoreRows(queries, queryCount, rows, count, columns, out) {
      const from = floats(queries, queryCount * columns);
      scoreRowsInto(from, floats(rows, count * columns), columns, floats(out, queryCount * count));
    },
    multiplySparse(address, begin, end, x, out) {
      const [indptr, indices, values] = words(address, 3);
      const offsets = words(indptr, end + 1);
      const entries = offsets[end];
      const matrix = { indptr: offsets, indices: words(indices, entries), values: floats(values, entries) };
      const highest = matrix.indices.reduce((max, index) => Math.max(max, index), 0);
      const from = floats(x, (highest + 1) * panelColumns);
      multiplySparse(matrix, begin, end, from, floats(out, end * panelColumns));
    },
    rotateRows: (x, count, columns, transposed) =>
      rotateRows(floats(x, count * columns), floats(transposed, columns * columns), columns),
    addGram: (rows, count, columns, out) =>
      addGram(floats(rows, count * columns), columns, floats(out, columns * columns)),
    choleskyFactor: (a, n, e) => choleskyFactor(floats(a, n * n), n, floats(e, n)),
    choleskySolve: (lower, n, _inverse, x) => choleskySolve(floats(lower, n * n), n, floats(x, n)),
    solveRows(job, _scratch, begin, end) {
      const [factors, indptr, indices, values, prior, ridge, out, columns, , block, from] = words(job, 11);
      const offsets = words(indptr, end + 1);
      const entries = offsets[end];
      const toEnd = (address: number) =>
        floats(address, Math.floor((memory.buffer.byteLength - address) / 4));
      const problem = {
        factors: toEnd(factors),
        indptr: offsets,
        indices: words(indices, entries),
        values: floats(values, entries),
        prior: floats(prior, columns),
        ridge: floats(ridge, end),
        out: floats(out, end * columns),
      };
      for (let row = begin; row < end; row++) {
        const isLong = offsets[row + 1] - offsets[row] >= from;
        if (block > 0 && isLong) improveRidgeRow(problem, block, row);
        else solveRidgeRows(problem, row, row + 1);
      }
    },
    scanRows: (job, begin, count, unit, threshold) =>
      scanRows(readScanJob(memory, job, begin + count), begin, count, { unit, threshold }),
    sumBins: (job, begin, end, out) =>
      sumBins(
        readBinSumsJob(memory.buffer, job, begin, end),
        [begin, end],
        new Float64Array(memory.buffer, out),
      ),
    subtractPairs(from, part, count) {
      const [own, other] = [from, part].map(address => new Float64Array(memory.buffer, address, 2 * count));
      for (let cell = 0; cell < own.length; cell++) own[cell] -= other[cell];
    },
  };
}
