import {
  type Blend,
  type BlendQuestion,
  chooseBlend,
  type Revisits,
} from '../../../src/models/ensemble/blend';
import { liveEnsemble } from '../../../src/models/ensemble/live';
import { revisitColumns } from '../../../src/models/ensemble/revisits';
import type { RepeatScorer } from '../../../src/models/ensemble/score';
import type { Scorer, ShopperHistory } from '../../../src/models/model';
import { purchaseLedgerOf } from '../../../src/models/purchases';
import { probabilityOf } from '../../../src/numeric/logisticRidge';
import { createRng } from '../../../src/numeric/rng';
import { vocabularyOf } from '../../../src/snapshot/vocabulary';

const none: Revisits = {
  scores: new Float32Array(),
  columns: new Float64Array(),
  isChosen: new Uint8Array(),
};

/**
 * Shoppers whose purchases follow known log-odds of repeats and of discoveries.
 *
 * @param spread - standard deviation of the log-odds of first purchases over shoppers
 */
function seededShoppers(repeatShift: number, spread = 0, seed = 1): readonly BlendQuestion[] {
  const rng = createRng(seed);
  const draw = (logOdds: number): number => Number(rng.uniform() < probabilityOf(logOdds));
  const shoppers = Array.from({ length: 400 }, (): BlendQuestion => {
    const sums = Float32Array.from({ length: 60 }, () => rng.gaussian());
    const logOdds = Float64Array.from({ length: 10 }, () => -2 + rng.gaussian());
    const firstPurchase = -5 + spread * rng.gaussian();
    const isChosen = Uint8Array.from(sums, sum => draw(firstPurchase + 1 + sum));
    const isRepeated = Uint8Array.from(logOdds, own => draw(own + repeatShift));
    const count = [...isChosen, ...isRepeated].reduce((total, label) => total + label, 0);
    const question = { scores: sums, candidates: 60, relevant: 1, drawn: 0, drawnWeight: 0 };
    const repeats = { rows: Uint32Array.from(logOdds.keys()), logOdds };
    return {
      question,
      later: { repeats, firstPurchase, isRepeated, isChosen, count, viewed: none, met: none },
    };
  });
  return shoppers.filter(({ later }) => later.count > 0);
}

const fitBlend = (questions: readonly BlendQuestion[]): Blend | null =>
  chooseBlend(questions, questions, [1]);

it('puts discoveries on the scale of repeats', () => {
  const blend = fitBlend(seededShoppers(0));
  expect(blend?.slope).toBeGreaterThan(0.5);
  const { intercept = 0, level = 0 } = blend ?? {};
  expect(Math.abs(intercept - 5 * level + 4)).toBeLessThan(1.2);
});

it('puts discoveries higher where shoppers buy less again than the part expects', () => {
  const usual = fitBlend(seededShoppers(0));
  const rare = fitBlend(seededShoppers(-3));
  const startOf = (blend: typeof usual): number => (blend?.intercept ?? 0) - 5 * (blend?.level ?? 0);
  expect(startOf(rare)).toBeGreaterThan(startOf(usual) + 1);
});

it('puts discoveries higher for shoppers who buy more that is new to them', () => {
  expect(fitBlend(seededShoppers(0, 1.5))?.level).toBeGreaterThan(0.6);
});

it('does not, where the part only claims to know who they are', () => {
  const claimed = seededShoppers(0).map(({ question, later }, index) => ({
    question,
    later: { ...later, firstPurchase: -5 + (index % 7) },
  }));
  expect(Math.abs(fitBlend(claimed)?.level ?? 1)).toBeLessThan(0.2);
});

it('returns no blend where nobody had bought anything', () => {
  const nobody = { rows: new Uint32Array(), logOdds: new Float64Array() };
  const questions = seededShoppers(0).map(({ question, later }) => ({
    question,
    later: { ...later, repeats: nobody, isRepeated: new Uint8Array() },
  }));
  expect(fitBlend(questions)).toBeNull();
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
  firstPurchaseOf: ({ productRows }) => productRows.length,
});
const purchases = purchaseLedgerOf<number>([[0, 1]]).of([0, 1]);
const history: ShopperHistory = {
  productRows: Uint32Array.of(0, 1),
  weights: Float32Array.of(5, 1),
  occurredAt: Float64Array.of(1, 2),
  now: 10,
  ...(purchases && { purchases }),
};

function scoresWith(chance: number, shopper = history, level = 0): readonly number[] {
  const blend = { intercept: 0, slope: 1, level, revisits: null };
  const scorer = teller([chance, 0.99, 0.99, 0.99]);
  const out = new Float32Array(products.size);
  liveEnsemble(products, [{ scorer: rising, weight: 1 }], { teller: scorer, blend }).scoreInto(
    [shopper],
    out,
  );
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

it('raises products new to the shopper by how much they buy that is new, and no repeat', () => {
  const [plain, raised] = [scoresWith(0.9), scoresWith(0.9, history, 0.5)];
  expect(raised[0]).toBeCloseTo(plain[0], 5);
  for (const row of [1, 2, 3]) expect(raised[row] - plain[row]).toBeCloseTo(0.5 * 2, 5);
});

it('does not repeat what the shopper dislikes by now', () => {
  const disliked = { ...history, weights: Float32Array.of(-1, 1) };
  expect(scoresWith(0.99, disliked)[0]).toBeLessThan(scoresWith(0.99)[0]);
});

it('tells repeats by the rows of the ensemble, also after it admits products', () => {
  const grown = vocabularyOf(['new', 'a', 'b', 'c', 'd']);
  const ensemble = liveEnsemble(grown, [{ scorer: rising, weight: 1 }], {
    teller: teller([0.9, 0.1, 0.1, 0.1]),
    blend: { intercept: 0, slope: 1, level: 0, revisits: null },
  });
  const out = new Float32Array(grown.size);
  const moved = { ...history, productRows: Uint32Array.of(1, 2) };
  ensemble.scoreInto([moved], out);
  expect(out[1]).toBeCloseTo(Math.log(9), 5);
});

/** Shoppers who met ten products, and go back to those that they met most; their sums say nothing about it. */
function returningShoppers(): readonly BlendQuestion[] {
  const rng = createRng(7);
  return seededShoppers(0).map(({ question, later }) => {
    const columns = new Float64Array(10 * revisitColumns);
    const isChosen = new Uint8Array(10);
    for (let entry = 0; entry < 10; entry++) {
      const weight = rng.gaussian();
      columns.set([1, weight, 0, 0], entry * revisitColumns);
      isChosen[entry] = Number(rng.uniform() < probabilityOf(-2 + 2 * weight));
    }
    const met: Revisits = {
      scores: Float32Array.from({ length: 10 }, () => rng.gaussian()),
      columns,
      isChosen,
    };
    const count = later.count + isChosen.reduce((sum, own) => sum + own, 0);
    return { question, later: { ...later, viewed: met, met, count } };
  });
}

describe('products that were met and not bought', () => {
  it('get log-odds of their own where these make better lists', () => {
    const blend = fitBlend(returningShoppers());
    expect(blend?.revisits?.covers).toBe('viewed');
    expect(blend?.revisits?.coefficients[1]).toBeGreaterThan(1);
  });

  it('keep their sums where the sums know best', () => {
    const known = returningShoppers().map(({ question, later }) => {
      const scores = Float32Array.from(later.viewed.isChosen, own => 6 * own - 3);
      const viewed = { ...later.viewed, scores, columns: later.viewed.columns.fill(1) };
      return { question, later: { ...later, viewed, met: viewed } };
    });
    expect(fitBlend(known)?.revisits).toBeNull();
  });

  it('change nothing where nobody had met anything', () => {
    expect(fitBlend(seededShoppers(0))?.revisits).toBeNull();
  });

  it('are scored by how much they were met, whatever their sums', () => {
    const coefficients = Float64Array.of(-3, 1, 0, 0);
    const blend = { intercept: 0, slope: 1, level: 0, revisits: { covers: 'met', coefficients } } as const;
    const out = new Float32Array(products.size);
    const met = { ...history, weights: Float32Array.of(5, 1) };
    liveEnsemble(products, [{ scorer: rising, weight: 1 }], {
      teller: teller([0.9, 0, 0, 0]),
      blend,
    }).scoreInto([met], out);
    expect(out[0]).toBeCloseTo(-3 + Math.log(6), 5);
    expect(out[1]).toBeCloseTo(-3 + Math.log(2), 5);
    expect(out[3]).toBeGreaterThan(out[2]);
  });
});

describe('the lists that parts make by themselves', () => {
  /**
   * Returning shoppers of two parts. The first knows what they go back to, and nothing of new products; the second the reverse.
   *
   * @param trust - of the first part in what was met: 0 for a part that knows nothing either
   */
  const twoParts = (trust: number): readonly BlendQuestion[] => {
    const rng = createRng(11);
    return returningShoppers().map(({ question, later }) => {
      const blind = Float32Array.from({ length: question.candidates }, () => rng.gaussian());
      const told = Float32Array.from(
        later.met.isChosen,
        own => trust * (6 * own - 2) + (1 - trust) * rng.gaussian(),
      );
      const scores = Float32Array.of(...told, ...Array.from(told, () => rng.gaussian()));
      const met = { ...later.met, scores, columns: later.met.columns.map((_, at) => Number(at % 4 === 0)) };
      return {
        question: { ...question, scores: Float32Array.of(...blind, ...question.scores) },
        later: { ...later, viewed: met, met },
      };
    });
  };
  const chosenFor = (questions: readonly BlendQuestion[]): Blend | null =>
    chooseBlend(questions, questions, [0, 1]);

  it('rank what was met where that makes better lists, though the part has no weight', () => {
    expect(chosenFor(twoParts(1))?.own).toBe(0);
  });

  it('are left alone where they are not better', () => {
    expect(chosenFor(twoParts(0))?.own).toBeUndefined();
  });

  const own = { intercept: 0, slope: 1, level: 0, revisits: null, own: 0 };
  /** Scores the products a, b, c, d. */
  const fixed = (...values: readonly number[]): Scorer => ({
    products,
    scoreInto: (_, out) => out.set(values),
  });
  const scoresOf = (...parts: Parameters<typeof liveEnsemble>[1]): Float32Array => {
    const out = new Float32Array(products.size);
    liveEnsemble(products, parts, { blend: own, teller: null }).scoreInto([history], out);
    return out;
  };
  const orderOf = (scores: Float32Array): readonly number[] =>
    [...scores.keys()].toSorted((x, y) => scores[y] - scores[x]);

  it.each([[[2.5, 0, 2, 3]], [[-4, 9, 1, 0]], [[7, 6, 5, 1]]])(
    'of a part alone are those of the ensemble (%j)',
    values => {
      const scores = scoresOf({ scorer: fixed(...values), weight: 0.7, isOwn: true });
      expect(orderOf(scores)).toEqual(orderOf(Float32Array.from(values)));
    },
  );

  it('keep their places for what was met, and take new products by the sum', () => {
    // The first part's list: d, a, c, b. The sum has c before d.
    const scores = scoresOf(
      { scorer: fixed(2.5, 0, 2, 3), weight: 0, isOwn: true },
      { scorer: fixed(0, 0, 9, 1), weight: 1 },
    );
    expect(orderOf(scores)).toEqual([2, 0, 3, 1]);
  });

  it('leave disliked products to the sum', () => {
    const disliked = { ...history, weights: Float32Array.of(-1, 1) };
    const out = new Float32Array(products.size);
    const parts = [
      { scorer: fixed(99, 0, 2, 3), weight: 0, isOwn: true },
      { scorer: fixed(-9, 0, 9, 1), weight: 1 },
    ];
    liveEnsemble(products, parts, { blend: own, teller: null }).scoreInto([disliked], out);
    // New ones have 9 and 1: mean 5, deviation 4.
    expect(out[0]).toBeCloseTo((-9 - 5) / 4, 5);
  });
});
