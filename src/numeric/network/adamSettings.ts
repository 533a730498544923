/** Floats of the settings of a step of Adam. */
export const adamSettingsLength = 8;

/** How Adam walks. */
export interface AdamConfig {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  /** Share of a parameter that decay takes at a step of rate 1 (decoupled: times the rate). */
  readonly weightDecay: number;
}

/** Held against division by zero. */
const epsilon = 1e-8;

/**
 * Writes what the kernel adam reads, for one step: the corrections for the zeros that moments start with (Kingma & Ba
 * 2015, §2, the form at its end) go into the rate, and ε with them.
 *
 * @param step - 1 for the first
 */
export function writeAdamSettings(config: AdamConfig, step: number, settings: Float32Array): void {
  const { learningRate, beta1, beta2, weightDecay } = config;
  const root = Math.sqrt(1 - beta2 ** step);
  const rate = (learningRate * root) / (1 - beta1 ** step);
  settings.set([rate, beta1, beta2, epsilon * root, learningRate * weightDecay]);
}
