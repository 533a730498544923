import type { ShopperHistory } from '../model';
import type { CollaborativeConfig } from './settings';

/** Settings needed to fold in a shopper, in the order in which an artifact stores them. Earlier versions lack the last. */
export const foldInNames = [
  'regularization',
  'regularizationExponent',
  'unobservedWeight',
  'recencyExponent',
  'recencyScale',
  'flatRegularization',
] as const satisfies readonly (keyof CollaborativeConfig)[];

/** Values of those settings. */
export type FoldInSettings = Pick<CollaborativeConfig, (typeof foldInNames)[number]>;

/**
 * Returns the weights of a history with recency: each is multiplied by (1 + n/scale)^-β, where n is the
 * number of later instants in the history. Products without times, or of the same instant, therefore decay
 * alike. With β = 0 the weights are unchanged. The latest products keep their weight, so a history of one
 * instant is folded in as in training.
 */
export function recentWeights(
  { weights, occurredAt }: ShopperHistory,
  { recencyExponent, recencyScale }: FoldInSettings,
): Float32Array {
  if (recencyExponent === 0) return weights;
  const out = new Float32Array(weights.length);
  let age = 0;
  for (let entry = weights.length - 1; entry >= 0; entry--) {
    if (entry + 1 < weights.length && occurredAt[entry] < occurredAt[entry + 1]) age++;
    out[entry] = weights[entry] * (1 + age / recencyScale) ** -recencyExponent;
  }
  return out;
}
