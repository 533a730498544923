// How well tags are found again: the whole training is repeated on random nine tenths of the products and of the shoppers, with
// vocabulary, weights of terms, singular directions and embedding of its own. Only the kind of clustering and the number of tags are
// those of the training that is checked. The parts are not those that the choice looked at, and each seed draws others.
// With many units the parts are nine tenths of some of them, so that the time of the check has an end.

import { adjustedRand } from '../../numeric/adjustedRand';
import { type Csr, columnsOf } from '../../numeric/csr';
import { createRng } from '../../numeric/rng';
import { type Clustered, labelsAgain, prepare } from './learn';
import type { InterestTagsConfig } from './settings';
import { partOfReading, type Reading, type TermTexts } from './terms';
import type { Units } from './units';

/** Share of the products and of the shoppers in a part. */
const partShare = 0.9;
/** Keeps the draws apart from those of the training with the same seed. */
const seedOffset = 7_919;

/** Most units that the check trains on: with more of them it looks at the products of some, drawn at random. */
const maxChecked = 25_000;

/** What is checked. */
export interface Checked {
  readonly reading: Reading;
  /** [users × products] */
  readonly preferences: Csr;
  readonly units: Units;
}

/** Returns the rows of the products of at most `maxChecked` units, ascending. */
export function checkedProducts({ count, unitOf }: Units, seed: number): Uint32Array {
  const rows = Uint32Array.from(unitOf.keys());
  if (count <= maxChecked) return rows;
  const isDrawn = new Uint8Array(count);
  const order = createRng(seedOffset * seed - 1).shuffle(
    Uint32Array.from({ length: count }, (_, unit) => unit),
  );
  for (const unit of order.subarray(0, maxChecked)) isDrawn[unit] = 1;
  return rows.filter(row => isDrawn[unitOf[row]] === 1);
}

/** Returns the columns of some products, ascending, under new numbers. */
function preferencesFor(preferences: Csr, products: Uint32Array): Csr {
  const places = new Int32Array(preferences.columns).fill(-1);
  for (const [place, product] of products.entries()) places[product] = place;
  return columnsOf(preferences, places, products.length);
}

/** Returns what a training on some products sees. Terms are not counted anew: each part does so. */
export function onlyProducts({ reading, preferences }: Checked, rows: Uint32Array): Omit<Checked, 'units'> {
  if (rows.length === preferences.columns) return { reading, preferences };
  const pick = (texts: TermTexts): TermTexts => Array.from(rows, row => texts[row]);
  const products = pick(reading.products);
  const naming = reading.naming === reading.products ? products : pick(reading.naming);
  return { reading: { ...reading, products, naming }, preferences: preferencesFor(preferences, rows) };
}

/** Returns the preferences of some users for some products; the others have none. */
function preferencesOfPart(preferences: Csr, hasUser: Uint8Array, hasProduct: Uint8Array): Csr {
  const places = Int32Array.from(hasProduct, (isKept, product) => (isKept === 1 ? product : -1));
  return columnsOf(preferences, places, preferences.columns, user => hasUser[user] === 1);
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
 * @param onStep - may throw to stop
 */
export async function measureStability(
  { labels, recipe }: Clustered,
  checked: Checked,
  config: InterestTagsConfig,
  seed: number,
  onStep: () => Promise<void>,
): Promise<number> {
  if (recipe === undefined) return 0;
  const rows = checkedProducts(checked.units, seed);
  const { reading, preferences } = onlyProducts(checked, rows);
  const found = Int32Array.from(rows, row => labels[row]);
  let sum = 0;
  for (let part = 0; part < config.resamples; part++) {
    const rng = createRng(seedOffset * seed + part);
    const draw = (length: number) => Uint8Array.from({ length }, () => Number(rng.uniform() < partShare));
    const [hasProduct, hasUser] = [draw(preferences.columns), draw(preferences.rows)];
    const own = partOfReading(reading, { hasProduct, hasUser }, config.maxTerms);
    const liked = preferencesOfPart(preferences, hasUser, hasProduct);
    const options = { seed: seed + part, forReaders: false };
    const prepared = await prepare(own, liked, config, options, onStep);
    sum += agreementOf(found, await labelsAgain(prepared, recipe, config, seed + part, onStep));
  }
  return sum / config.resamples;
}
