import { deviceTastes } from './deviceTastes';
import { homeTastes } from './homeTastes';
import { sportTastes } from './sportTastes';
import { tableTastes } from './tableTastes';
import { readTaste, type Taste } from './taste';

/** The sixteen latent tastes of the demo shop. A taste's index here is its index in every ground-truth mixture. */
export const tastes: readonly Taste[] = [...sportTastes, ...tableTastes, ...deviceTastes, ...homeTastes].map(
  readTaste,
);

const indexById = new Map(tastes.map((taste, index) => [taste.id, index]));

/**
 * Index of a taste in {@link tastes}.
 *
 * @throws {RangeError} when no taste has this id
 */
export function tasteIndex(id: string): number {
  const index = indexById.get(id);
  if (index === undefined) throw new RangeError(`Expected the id of a demo taste; got "${id}".`);
  return index;
}
