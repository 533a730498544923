import type { ScanRowsJob } from '../scanRows';

/** Words of a job in memory: six addresses, the columns, one unused, and room for four floats. */
export const scanJobLength = 12;

const columnsWord = 6;

/** Writes a job as the words that the kernel scanRows reads; its arrays lie in the memory of `words`. */
export function writeScanJob(job: ScanRowsJob, words: Uint32Array): void {
  const { codes, scales, errors, query, found, estimates } = job;
  words.set([codes, scales, errors, query, found, estimates].map(array => array.byteOffset));
  words[columnsWord] = query.length;
}

/** The arrays of a written job, as far as the first `rows` rows need them. */
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
