/** Length of the settings of an Adam step, in floats. */
export const adamSettingsLength = 8;

/** Hyper-parameters of Adam. */
export interface AdamConfig {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  /** Decoupled weight decay: each step subtracts learningRate · weightDecay of a parameter. */
  readonly weightDecay: number;
}

/** Prevents division by zero. */
const epsilon = 1e-8;

/**
 * Writes the settings that the kernel adam reads for one step. The bias corrections of both moments are folded into the
 * rate and ε (Kingma & Ba 2015, §2, the form at its end).
 *
 * @param step - 1 for the first step
 */
export function writeAdamSettings(config: AdamConfig, step: number, settings: Float32Array): void {
  const { learningRate, beta1, beta2, weightDecay } = config;
  const root = Math.sqrt(1 - beta2 ** step);
  const rate = (learningRate * root) / (1 - beta1 ** step);
  settings.set([rate, beta1, beta2, epsilon * root, learningRate * weightDecay]);
}
