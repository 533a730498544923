import { createRng, type Rng } from '../numeric/rng';

/** Purposes of the independent random streams. Changing a number changes the shop's bytes. */
const purposes = {
  catalogue: 1,
  people: 2,
  visits: 3,
  ties: 4,
  posts: 5,
  campaigns: 6,
  session: 7,
} as const;

/** A purpose of a random stream. */
export type Purpose = keyof typeof purposes;

/**
 * Returns an independent random stream for a purpose and up to two indices, so that the draws of one user do not affect
 * those of another. The key is hashed to 32 bits by MurmurHash3 (Appleby 2011).
 */
export function streamOf(seed: number, purpose: Purpose, first = 0, second = 0): Rng {
  let state = (seed ^ Math.floor(seed / 2 ** 32)) | 0;
  for (const part of [purposes[purpose], first, second]) {
    const spread = Math.imul(part, 0xcc9e2d51);
    state ^= Math.imul((spread << 15) | (spread >>> 17), 0x1b873593);
    state = (Math.imul((state << 13) | (state >>> 19), 5) + 0xe6546b64) | 0;
  }
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return createRng((state ^ (state >>> 16)) >>> 0);
}
