import { type BlendQuestion, fitBlend } from '../../../src/models/ensemble/blend';
import { liveEnsemble } from '../../../src/models/ensemble/live';
import type { RepeatScorer } from '../../../src/models/ensemble/score';
import type { Scorer, ShopperHistory } from '../../../src/models/model';
import { purchaseLedgerOf } from '../../../src/models/purchases';
import { probabilityOf } from '../../../src/numeric/logisticRidge';
import { createRng } from '../../../src/numeric/rng';
import { vocabularyOf } from '../../../src/snapshot/vocabulary';

/** Shoppers whose purchases follow known log-odds of repeats and of discoveries. */
function seededShoppers(repeatShift: number, seed = 1): readonly BlendQuestion[] {
  const rng = createRng(seed);
  const draw = (logOdds: number): number => Number(rng.uniform() < probabilityOf(logOdds));
  const shoppers = Array.from({ length: 400 }, (): BlendQuestion => {
    const sums = Float32Array.from({ length: 60 }, () => rng.gaussian());
    const logOdds = Float64Array.from({ length: 10 }, () => -2 + rng.gaussian());
    const isBought = Uint8Array.from(sums, sum => draw(-4 + sum));
    const isRepeated = Uint8Array.from(logOdds, own => draw(own + repeatShift));
    const count = [...isBought, ...isRepeated].reduce((total, label) => total + label, 0);
    const question = { scores: sums, candidates: 60, relevant: 1, drawn: 0, drawnWeight: 0 };
    const repeats = { rows: Uint32Array.from(logOdds.keys()), logOdds };
    return { question, later: { repeats, isRepeated, isBought, count } };
  });
  return shoppers.filter(({ later }) => later.count > 0);
}

it('puts discoveries on the scale of repeats', () => {
  const blend = fitBlend(seededShoppers(0), [1]);
  expect(blend?.slope).toBeGreaterThan(0.5);
  expect(Math.abs((blend?.intercept ?? 0) + 4)).toBeLessThan(1.2);
});

it('puts discoveries higher where shoppers buy less again than the part expects', () => {
  const usual = fitBlend(seededShoppers(0), [1]);
  const rare = fitBlend(seededShoppers(-3), [1]);
  expect(rare?.intercept).toBeGreaterThan((usual?.intercept ?? 0) + 1);
});

it('returns no blend where nobody had bought anything', () => {
  const none = { rows: new Uint32Array(), logOdds: new Float64Array() };
  const questions = seededShoppers(0).map(({ question, later }) => ({
    question,
    later: { ...later, repeats: none, isRepeated: new Uint8Array() },
  }));
  expect(fitBlend(questions, [1])).toBeNull();
});

const products = vocabularyOf(['a', 'b', 'c', 'd']);
const rising: Scorer = { products, scoreInto: (_, out) => out.set([0, 1, 2, 3]) };
/** Tells that products are bought again within 30 days with given probabilities, by row. */
const teller = (chances: readonly number[]): RepeatScorer => ({
  products,
  dueInto({ productRows, purchases }, out) {
    for (const [entry, row] of productRows.entries()) {
      out.within30Days[entry] = (purchases?.orders[entry] ?? 0) > 0 ? chances[row] : Number.NaN;
    }
  },
  isRepeated: row => row === 0,
});
const purchases = purchaseLedgerOf<number>([[0, 1]]).of([0, 1]);
const history: ShopperHistory = {
  productRows: Uint32Array.of(0, 1),
  weights: Float32Array.of(5, 1),
  occurredAt: Float64Array.of(1, 2),
  now: 10,
  ...(purchases && { purchases }),
};

function scoresWith(chance: number, shopper = history): readonly number[] {
  const blend = { intercept: 0, slope: 1 };
  const scorer = teller([chance, 0.99, 0.99, 0.99]);
  const out = new Float32Array(products.size);
  liveEnsemble(products, [{ scorer: rising, weight: 1 }], { scorer, blend }).scoreInto([shopper], out);
  return [...out];
}

it.each([0.01, 0.2, 0.5, 0.7, 0.74, 0.99])(
  'ranks a repeat above a discovery exactly when its log-odds are higher (%f)',
  chance => {
    const [repeat, , lower, higher] = scoresWith(chance);
    const logOdds = Math.log(chance / (1 - chance));
    expect(repeat).toBeCloseTo(logOdds, 5);
    expect(repeat > higher).toBe(logOdds > higher);
    expect(repeat > lower).toBe(logOdds > lower);
  },
);

it('scores a product that was met and not bought by its sum', () => {
  const [, met, lower] = scoresWith(0.9);
  expect(met).toBeLessThan(lower);
});

it('does not repeat what the shopper dislikes by now', () => {
  const disliked = { ...history, weights: Float32Array.of(-1, 1) };
  expect(scoresWith(0.99, disliked)[0]).toBeLessThan(scoresWith(0.99)[0]);
});

it('tells repeats by the rows of the ensemble, also after it admits products', () => {
  const grown = vocabularyOf(['new', 'a', 'b', 'c', 'd']);
  const ensemble = liveEnsemble(grown, [{ scorer: rising, weight: 1 }], {
    scorer: teller([0.9, 0.1, 0.1, 0.1]),
    blend: { intercept: 0, slope: 1 },
  });
  const out = new Float32Array(grown.size);
  const moved = { ...history, productRows: Uint32Array.of(1, 2) };
  ensemble.scoreInto([moved], out);
  expect(out[1]).toBeCloseTo(Math.log(9), 5);
});
