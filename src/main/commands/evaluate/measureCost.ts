import type { Cost } from '../../../evaluation/report/cost';
import { peakMemoryMb, resetPeakMemory } from './peakMemory';
import { createProgress, type Progress } from './progress';

/** Runs work of one model, shows its progress on standard error, and returns its result with its cost. */
export async function measureCost<T>(
  model: string,
  work: (onProgress: Progress['show']) => Promise<T>,
): Promise<{ readonly result: T; readonly cost: Cost }> {
  resetPeakMemory();
  const progress = createProgress(model, process.stderr);
  const start = performance.now();
  try {
    const result = await work(progress.show);
    return { result, cost: { seconds: (performance.now() - start) / 1000, peakMemoryMb: peakMemoryMb() } };
  } finally {
    progress.stop();
  }
}
