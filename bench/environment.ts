import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';

/** Describes the machine in one line; the load shows how busy it was with other work. */
export function environmentLine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown CPU';
  const memory = Math.round(totalmem() / 2 ** 30);
  return (
    `${model}, ${availableParallelism()} cores, ${memory} GiB, Node ${process.version}, ` +
    `load ${loadavg()[0].toFixed(1)} at start`
  );
}

/** Returns the median; NaN for an empty list. */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
