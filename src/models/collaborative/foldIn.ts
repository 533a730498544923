import type { ShopperHistory } from '../model';
import type { CollaborativeConfig } from './settings';

/** The settings that folding a shopper in needs, in the order in which an artifact keeps them. */
export const foldInNames = [
  'regularization',
  'regularizationExponent',
  'unobservedWeight',
  'recencyExponent',
  'recencyScale',
] as const satisfies readonly (keyof CollaborativeConfig)[];

/** Those settings. */
export type FoldInSettings = Pick<CollaborativeConfig, (typeof foldInNames)[number]>;

/**
 * Weights of a history with what is long past counting less: (1 + n/scale)^-β of each, n the number of later instants
 * at which the shopper met something (so that products without times, or met together, count alike). With β = 0 the
 * history's own weights. The latest keep their weight: a history of one instant is folded in as training would.
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
