import { rounded } from './rounded';

/** What a computation cost. */
export interface Cost {
  readonly seconds: number;
  /** Peak resident memory of the process, in units of 2^20 bytes. */
  readonly peakMemoryMb: number;
}

/** A cost as reports print it. */
export const roundedCost = ({ seconds, peakMemoryMb }: Cost): Cost => ({
  seconds: rounded(seconds, 2),
  peakMemoryMb: rounded(peakMemoryMb, 1),
});
