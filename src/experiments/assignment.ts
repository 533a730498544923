import { type SipKey, sipHash } from '../numeric/sipHash';

/** The arm of a unit, and how likely it was. */
export interface Assignment {
  /** Place of the arm in the shares. */
  readonly arm: number;
  /** Probability with which a unit gets this arm: its share. */
  readonly propensity: number;
}

/** Shares must sum to 1 within this. */
const tolerance = 1e-9;
const textBytes = new TextEncoder();

/** The key of a salt: two hashes of it under fixed keys. */
function keyOf(salt: string): SipKey {
  const bytes = textBytes.encode(salt);
  const [a, b] = sipHash([0, 0, 0, 0], bytes);
  const [c, d] = sipHash([1, 0, 0, 0], bytes);
  return [a, b, c, d];
}

/**
 * Returns a function that gives every unit a number in [0, 1), uniform over units, with 53 bits. It depends only on the salt
 * and the unit's id, so it is equal on every platform and in every process. Units with different salts are independent.
 *
 * @param salt - of one experiment, as in its id; two experiments with one salt get the same numbers
 */
export function uniformByUnit(salt: string): (unitId: string) => number {
  const key = keyOf(salt);
  return unitId => {
    const [high, low] = sipHash(key, textBytes.encode(unitId));
    return (high * 2 ** 21 + (low >>> 11)) / 2 ** 53;
  };
}

/** @throws {RangeError} unless there are shares of 0 to 1 that sum to 1 */
function checkShares(shares: readonly number[]): void {
  const sum = shares.reduce((total, share) => total + share, 0);
  if (shares.every(share => share >= 0 && share <= 1) && Math.abs(sum - 1) <= tolerance) return;
  throw new RangeError(`Expected shares from 0 to 1 that sum to 1; got ${shares.join(', ')}.`);
}

/**
 * Returns a function that assigns units to arms by their shares, by {@link uniformByUnit}. A unit keeps its arm when it is
 * asked for again, and when only the shares of later arms change.
 *
 * @param shares - one per arm, 0–1, sum 1
 * @throws {RangeError} when the shares are wrong
 */
export function createAssigner(salt: string, shares: readonly number[]): (unitId: string) => Assignment {
  checkShares(shares);
  const uniformOf = uniformByUnit(salt);
  const last = shares.findLastIndex(share => share > 0);
  return unitId => {
    const drawn = uniformOf(unitId);
    let end = shares[0];
    let arm = 0;
    // Rounding may leave the sum of all shares below 1: the last arm takes the rest.
    while (arm < last && drawn >= end) end += shares[++arm];
    return { arm, propensity: shares[arm] };
  };
}
