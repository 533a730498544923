import type { Steps } from '../snapshot/steps';
import type { ShopperHistory } from './model';

/** How many of a shopper's latest distinct products are asked whether they come again. */
const ages = 20;
/** Weight classes: met about once, about twice, more. */
const classes = 3;
/** How many rates there are: ages × weight classes. */
export const repeatRatesLength = ages * classes;
/** Chances a rate starts from without a repeat: rates are estimates, and few data shall not shout. */
const priorChances = 50;

const classOf = (weight: number): number => (weight < 1.5 ? 0 : weight < 2.5 ? 1 : 2);

/** Place of the rate for a product with `age` other products after it. */
const placeOf = (age: number, weight: number): number => classOf(weight) * ages + age;

/** A short list of distinct products, latest last, that takes one step at a time. */
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
 * How often the next step went back to a product, by how many distinct products came after it and by its summed weight:
 * counted, so that a shop where nobody goes back has rates near 0 and nothing need be set.
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
 * Adds to the scores of a history's liked products how often shoppers go back to the like of them. Scores must be
 * probabilities of the next product, or near them.
 *
 * @param out - [products]
 * @param share - times the rates: less where the scores know of repeats themselves
 */
export function addRepeats(rates: Float32Array, history: ShopperHistory, out: Float32Array, share = 1): void {
  const { productRows, weights } = history;
  let age = 0;
  for (let entry = productRows.length - 1; entry >= 0 && age < ages; entry--) {
    if (!(weights[entry] > 0)) continue;
    out[productRows[entry]] += share * rates[placeOf(age++, weights[entry])];
  }
}
