/**
 * Learning rate of a step.
 *
 * @param progress - share of all epochs that is done before the step, 0 ≤ progress < 1
 * @param step - 1 for the first
 */
export type Schedule = (progress: number, step: number) => number;

/** Falls from `rate` in a straight line to `finalShare` of it. */
export const linearDecay =
  (rate: number, finalShare = 0): Schedule =>
  progress =>
    rate * (1 - (1 - finalShare) * progress);

/** Falls from `rate` along half a cosine to `finalShare` of it (Loshchilov & Hutter 2017, eq. 5, without restarts). */
export const cosineDecay =
  (rate: number, finalShare = 0): Schedule =>
  progress =>
    rate * (finalShare + (1 - finalShare) * 0.5 * (1 + Math.cos(Math.PI * progress)));

/** Least progress that counts, so that the first step of a short training has a rate above 0. */
const minProgress = 1e-3;

/** A schedule that rises in a straight line over its first `steps`, or over the first tenth of training if that is longer. */
export const withWarmUp =
  (schedule: Schedule, steps: number): Schedule =>
  (progress, step) =>
    schedule(progress, step) * Math.min(1, step / steps, 10 * Math.max(progress, minProgress));
