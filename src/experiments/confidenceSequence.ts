// Asymptotic confidence sequences (Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas 2024, "Time-uniform central limit theory and
// asymptotic confidence sequences", Annals of Statistics 52(6), theorem 2.2): with probability 1 - α the truth is within
//
//   mean ± sd · √( 2(tρ² + 1) / (t²ρ²) · log( √(tρ² + 1) / α ) )   at all t at once,
//
// so the interval may be read after every unit and the experiment may stop at any reading. sd / √t is the standard error, which
// leaves a factor of the standard error that depends on s = tρ² only: √( (s + 1)/s · (log(s + 1) - 2 log α) ). It holds for every
// asymptotically linear estimate: differences of means, CUPED (section 3.3 of the paper).
import { errorRateOf } from './effect';

/** How far an experiment has come. */
export interface Information {
  /**
   * What has been observed so far, > 0: units whose outcomes are known. Where all units were assigned at once and their
   * outcomes arrive over days, conversions so far: the variance of the sum of outcomes grows in proportion to them.
   */
  readonly observed: number;
  /** The same unit: where the interval is to be narrowest, stated in advance. Readings before and after are valid as well. */
  readonly planned: number;
}

const defaultConfidence = 0.95;

/**
 * Returns the standard errors on either side of an estimate that make an always-valid interval: at every reading at once, it
 * contains the truth with the stated confidence. About 3.0 at 95 % where observed = planned, more before and after.
 *
 * Asymptotic: the first reading needs enough units that the estimate is about normal (some 50 conversions per arm).
 *
 * @throws {RangeError} unless both amounts are above 0 and 0 < confidence < 1
 */
export function alwaysValidWidth({ observed, planned }: Information, confidence = defaultConfidence): number {
  if (!(observed > 0 && planned > 0))
    throw new RangeError(`Expected observed and planned above 0; got ${observed} and ${planned}.`);
  const doubled = -2 * Math.log(errorRateOf(confidence));
  // ρ² that minimises the width at the planned time, approximated (Waudby-Smith et al. 2024, appendix).
  const s = ((doubled + Math.log(doubled + 1)) * observed) / planned;
  return Math.sqrt(((s + 1) / s) * (Math.log(s + 1) + doubled));
}
