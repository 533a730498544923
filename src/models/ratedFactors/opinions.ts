import type { Csr } from '../../numeric/csr';
import { hasStars } from '../../snapshot/eventWeight';
import { preferencesOf } from '../../snapshot/preferences';
import type { Snapshot } from '../../snapshot/snapshot';

/** Stars of a RATING with weight 0, and the maximum (snapshot/eventWeight.ts). */
const neutralStars = 2.5;
const maxStars = 5;
/**
 * Weight that implies 5 stars: that of such a RATING by default. Fixed, because a trained artifact must read
 * histories in the same way as its training, and a shop may set the weight of ratings to 0.
 */
const maxStarsWeight = 4;

/**
 * Returns the stars that a preference without a rating implies, 0-5 and linear in the weight. By default weights a view
 * implies 3.1, a purchase 5, a return 0.
 */
export const impliedStars = (weight: number): number =>
  Math.min(Math.max(neutralStars + (neutralStars * weight) / maxStarsWeight, 0), maxStars);

/** Stars of users for products, given or implied. */
export interface Opinions {
  /** Stars, users × products: the latest given, else implied. */
  readonly stars: Csr;
  /** 1 for given stars, `impliedWeight` for others; 0 leaves an opinion out. Same order as the entries. */
  readonly weights: Float32Array;
}

/** Writes the latest stars of each product that a user rated, and NaN for the user's other products. */
function latestStars({ events, userOffsets }: Snapshot, user: number, out: Float32Array): void {
  for (let event = userOffsets[user]; event < userOffsets[user + 1]; event++) {
    out[events.productRow[event]] = Number.NaN;
  }
  for (let event = userOffsets[user]; event < userOffsets[user + 1]; event++) {
    const isRating = hasStars(events.type[event]) && !Number.isNaN(events.value[event]);
    if (isRating) out[events.productRow[event]] = events.value[event];
  }
}

/** Returns the opinions of all users on all products they interacted with. */
export function opinionsOf(snapshot: Snapshot, impliedWeight: number): Opinions {
  const preferences = preferencesOf(snapshot);
  const { indptr, indices, values } = preferences;
  const given = new Float32Array(snapshot.products.size);
  const stars = new Float32Array(indices.length);
  const weights = new Float32Array(indices.length);
  for (let user = 0; user < snapshot.users.size; user++) {
    latestStars(snapshot, user, given);
    for (let entry = indptr[user]; entry < indptr[user + 1]; entry++) {
      const own = given[indices[entry]];
      stars[entry] = Number.isNaN(own) ? impliedStars(values[entry]) : own;
      weights[entry] = Number.isNaN(own) ? impliedWeight : 1;
    }
  }
  return { stars: { ...preferences, values: stars }, weights };
}
