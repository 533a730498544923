import type { ScanRowsJob } from '../scanRows';

/** Length of a scan job, in 32-bit words: six addresses, the columns, one unused word, and room for four floats. */
export const scanJobLength = 12;

const columnsWord = 6;

/** Writes the words that the kernel scanRows reads; the job's arrays must lie in the memory of `words`. */
export function writeScanJob(job: ScanRowsJob, words: Uint32Array): void {
  const { codes, scales, errors, query, found, estimates } = job;
  words.set([codes, scales, errors, query, found, estimates].map(array => array.byteOffset));
  words[columnsWord] = query.length;
}

/** Returns the arrays of a written job, for its first `rows` rows. */
export function readScanJob(memory: WebAssembly.Memory, address: number, rows: number): ScanRowsJob {
  const words = new Uint32Array(memory.buffer, address, scanJobLength);
  const [codes, scales, errors, query, found, estimates] = words;
  const columns = words[columnsWord];
  const { buffer } = memory;
  return {
    codes: new Int8Array(buffer, codes, rows * columns),
    scales: new Float32Array(buffer, scales, rows),
    errors: new Float32Array(buffer, errors, rows),
    query: new Int16Array(buffer, query, columns),
    found: new Uint32Array(buffer, found),
    estimates: new Float32Array(buffer, estimates),
  };
}
