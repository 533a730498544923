/** σ(x) = 1/(1 + e^-x), in (0, 1). */
export const sigmoidOf = (x: number): number => 1 / (1 + Math.exp(-x));
