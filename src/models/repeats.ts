import type { Steps } from '../snapshot/steps';
import type { ShopperHistory } from './model';

/** Number of a shopper's latest distinct products that can get a repeat rate. */
const ages = 20;
/** Weight classes: about one interaction, about two, more. */
const classes = 3;
/** Number of rates: ages × weight classes. */
export const repeatRatesLength = ages * classes;
/** Prior number of chances without a repeat per rate: it shrinks rates that rest on few data towards 0. */
const priorChances = 50;

const classOf = (weight: number): number => (weight < 1.5 ? 0 : weight < 2.5 ? 1 : 2);

/** Index of the rate for a product followed by `age` other distinct products. */
const placeOf = (age: number, weight: number): number => classOf(weight) * ages + age;

/** Adds one step to a short list of distinct products, latest last. */
function takeStep(products: number[], weights: number[], product: number, weight: number): void {
  const known = products.lastIndexOf(product);
  let sum = weight;
  if (known >= 0) {
    sum += weights[known];
    products.splice(known, 1);
    weights.splice(known, 1);
  } else if (products.length === ages) {
    products.shift();
    weights.shift();
  }
  products.push(product);
  weights.push(sum);
}

/**
 * Returns how often the next step went back to a product, by the number of distinct products after it and by
 * its summed weight. Rates are counted, so they are near 0 in a shop without repeats and need no setting.
 *
 * @returns [ages × weight classes], each ≥ 0 and < 1
 */
export function repeatRatesOf({ offsets, productRows, weights }: Steps): Float32Array {
  const chances = new Float64Array(repeatRatesLength);
  const repeats = new Float64Array(repeatRatesLength);
  for (let user = 0; user + 1 < offsets.length; user++) {
    const products: number[] = [];
    const sums: number[] = [];
    for (let step = offsets[user]; step < offsets[user + 1]; step++) {
      for (let entry = 0; entry < products.length; entry++) {
        const place = placeOf(products.length - 1 - entry, sums[entry]);
        chances[place]++;
        if (products[entry] === productRows[step]) repeats[place]++;
      }
      takeStep(products, sums, productRows[step], weights[step]);
    }
  }
  return Float32Array.from(chances, (count, place) => repeats[place] / (count + priorChances));
}

/**
 * Adds to the score of each liked product of a history the rate at which shoppers go back to products of its age and
 * weight. Scores must be approximate probabilities of the next product.
 *
 * @param out - [products]
 * @param share - multiplies the rates: lower where the scores already model repeats
 */
export function addRepeats(rates: Float32Array, history: ShopperHistory, out: Float32Array, share = 1): void {
  const { productRows, weights } = history;
  let age = 0;
  for (let entry = productRows.length - 1; entry >= 0 && age < ages; entry--) {
    if (!(weights[entry] > 0)) continue;
    out[productRows[entry]] += share * rates[placeOf(age++, weights[entry])];
  }
}
