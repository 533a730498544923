/** Rounds to `digits` decimals. */
export const rounded = (value: number, digits = 6): number => Number(value.toFixed(digits));

/** Rounds to `digits` decimals; null for NaN and undefined, which JSON cannot hold. */
export const roundedOrNull = (value: number | undefined, digits = 6): number | null =>
  value === undefined || Number.isNaN(value) ? null : rounded(value, digits);
