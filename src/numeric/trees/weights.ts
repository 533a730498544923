/** Returns whether weights, if there are any, are one per row, ≥ 0, finite, and not all 0. */
export const areWeights = (weights: Float32Array | undefined, rows: number): boolean =>
  !weights ||
  (weights.length === rows &&
    weights.every(weight => weight >= 0 && weight < Number.POSITIVE_INFINITY) &&
    weights.some(weight => weight > 0));
