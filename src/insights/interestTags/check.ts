// How well tags are found again: the whole training is repeated on random nine tenths of the products and of the shoppers, with
// vocabulary, weights of terms, singular directions and embedding of its own. Only the kind of clustering and the number of tags are
// those of the training that is checked. The parts are not those that the choice looked at, and each seed draws others.

import { adjustedRand } from '../../numeric/adjustedRand';
import type { Csr } from '../../numeric/csr';
import { createRng } from '../../numeric/rng';
import { type Clustered, labelsAgain, prepare } from './learn';
import type { InterestTagsConfig } from './settings';
import { partOfReading, type Reading } from './terms';

/** Share of the products and of the shoppers in a part. */
const partShare = 0.9;
/** Keeps the draws apart from those of the training with the same seed. */
const seedOffset = 7_919;

/** Returns the preferences of some users for some products. */
function preferencesOfPart(
  { rows, columns, indptr, indices, values }: Csr,
  hasUser: Uint8Array,
  hasProduct: Uint8Array,
): Csr {
  const starts = new Uint32Array(rows + 1);
  const kept: number[] = [];
  for (let user = 0; user < rows; user++) {
    for (let entry = indptr[user]; entry < indptr[user + 1]; entry++) {
      if (hasUser[user] === 1 && hasProduct[indices[entry]] === 1) kept.push(entry);
    }
    starts[user + 1] = kept.length;
  }
  return {
    rows,
    columns,
    indptr: starts,
    indices: Uint32Array.from(kept, entry => indices[entry]),
    values: Float32Array.from(kept, entry => values[entry]),
  };
}

/** Returns the agreement (adjusted Rand index) on the products that both give a tag; 0 without any. */
export function agreementOf(a: Int32Array, b: Int32Array): number {
  const known = [...a.keys()].filter(row => a[row] >= 0 && b[row] >= 0);
  if (known.length === 0) return 0;
  return adjustedRand(
    known.map(row => a[row]),
    known.map(row => b[row]),
  );
}

/**
 * Returns the mean agreement of tags with those of trainings on parts of the data; 0 where nothing tells the products apart.
 *
 * @param preferences - [users × products]
 * @param onStep - may throw to stop
 */
export async function measureStability(
  { labels, recipe }: Clustered,
  { reading, preferences }: { readonly reading: Reading; readonly preferences: Csr },
  config: InterestTagsConfig,
  seed: number,
  onStep: () => Promise<void>,
): Promise<number> {
  if (recipe === undefined) return 0;
  let sum = 0;
  for (let part = 0; part < config.resamples; part++) {
    const rng = createRng(seedOffset * seed + part);
    const draw = (length: number) => Uint8Array.from({ length }, () => Number(rng.uniform() < partShare));
    const [hasProduct, hasUser] = [draw(preferences.columns), draw(preferences.rows)];
    const own = partOfReading(reading, hasProduct, hasUser, config.maxTerms);
    const liked = preferencesOfPart(preferences, hasUser, hasProduct);
    const prepared = await prepare(own, liked, config, seed + part, onStep);
    sum += agreementOf(labels, await labelsAgain(prepared, recipe, config, seed + part, onStep));
  }
  return sum / config.resamples;
}
