import { evaluateScorer } from '../../src/evaluation/evaluation';
import { rankingSplit } from '../../src/evaluation/splits';
import type { Scorer, ShopperHistory } from '../../src/models/model';
import { createRng } from '../../src/numeric/rng';
import type { Split } from '../../src/snapshot/split';
import { vocabularyOf } from '../../src/snapshot/vocabulary';

const users = 200;
const products = 120;

/** Every user has 10 training products and 4 held-out ones, all drawn at random. */
function drawnSplit(seed = 9): Promise<Split> {
  const rng = createRng(seed);
  const [train, test] = [
    { user: [] as number[], product: [] as number[] },
    { user: [] as number[], product: [] as number[] },
  ];
  for (let user = 0; user < users; user++) {
    const drawn = rng.shuffle(Array.from({ length: products }, (_, row) => row));
    for (const [index, product] of drawn.slice(0, 14).entries()) {
      const side = index < 10 ? train : test;
      side.user.push(user);
      side.product.push(product);
    }
  }
  const arrays = (side: typeof train): { user: Uint32Array; product: Uint32Array } => ({
    user: Uint32Array.from(side.user),
    product: Uint32Array.from(side.product),
  });
  const ids = (prefix: string, count: number): string[] =>
    Array.from({ length: count }, (_, index) => `${prefix}${1000 + index}`);
  return rankingSplit({
    userIds: ids('u', users),
    productIds: ids('p', products),
    train: arrays(train),
    test: arrays(test),
  });
}

/** A scorer with one score per product and user, for users in the order of the questions. */
function scorerOf(split: Split, scoreOf: (user: number, product: number) => number): Scorer {
  let user = 0;
  return {
    products: split.train.products,
    scoreInto(histories, out) {
      for (let index = 0; index < histories.length; index++, user++) {
        for (let row = 0; row < products; row++) out[index * products + row] = scoreOf(user, row);
      }
    },
  };
}

const isHeldOut = ({ heldOut }: Split, user: number, row: number): boolean =>
  heldOut.productRows.subarray(heldOut.offsets[user], heldOut.offsets[user + 1]).includes(row);

describe('evaluateScorer', () => {
  it('gives a perfect scorer 1 everywhere', async () => {
    const split = await drawnSplit();
    const {
      full,
      users: asked,
      items,
    } = await evaluateScorer(
      scorerOf(split, (user, row) => Number(isHeldOut(split, user, row))),
      split,
    );
    expect([asked, items]).toEqual([users, products]);
    for (const mean of Object.values(full.means)) expect(mean).toBeCloseTo(1, 12);
    for (const error of Object.values(full.standardErrors)) expect(error).toBeCloseTo(0, 12);
  });

  it('gives the reverse of a perfect scorer 0 within any cutoff', async () => {
    const split = await drawnSplit();
    const scorer = scorerOf(split, (user, row) => -Number(isHeldOut(split, user, row)));
    const { full } = await evaluateScorer(scorer, split);
    expect(full.means).toMatchObject({ 'recall@20': 0, 'ndcg@20': 0, 'hit@10': 0 });
  });

  it.each([
    ['the same score to all', 3],
    ['NaN to all', Number.NaN],
  ])('gives a scorer that returns %s exactly the value of a random order', async (_name, score) => {
    const split = await drawnSplit();
    const { full, coverage } = await evaluateScorer(
      scorerOf(split, () => score),
      split,
    );
    expect(full.means['recall@20']).toBeCloseTo(20 / 110, 9);
    expect(full.means['recall@10']).toBeCloseTo(10 / 110, 9);
    expect(full.standardErrors['recall@20']).toBeCloseTo(0, 12);
    // Ties in the lists go to the lower row, so all users get nearly the same twenty products.
    expect(coverage).toBeLessThan(0.35);
  });
});

describe('the questions of evaluateScorer', () => {
  it('never ranks the training products of the user, however high their scores', async () => {
    const split = await drawnSplit();
    const { userOffsets, events } = split.train;
    const had = (user: number, row: number): boolean =>
      events.productRow.subarray(userOffsets[user], userOffsets[user + 1]).includes(row);
    const plain = await evaluateScorer(
      scorerOf(split, (user, row) => (user * 7 + row * 13) % 31),
      split,
    );
    const shouting = await evaluateScorer(
      scorerOf(split, (user, row) => (had(user, row) ? 1e9 : (user * 7 + row * 13) % 31)),
      split,
    );
    expect(shouting.full.means).toEqual(plain.full.means);
    expect(shouting.coverage).toBe(plain.coverage);
  });

  it('reads a scorer by product id, and ranks unknown products last', async () => {
    const split = await drawnSplit();
    const known = Array.from({ length: 60 }, (_, index) => `p${1119 - index}`);
    const scorer: Scorer = {
      products: vocabularyOf([...known, 'gone']),
      scoreInto(histories, out) {
        for (let index = 0; index < histories.length; index++)
          out.set(
            known.map((_, row) => -row),
            index * 61,
          );
      },
    };
    const same = scorerOf(split, (_user, row) => (row < 60 ? Number.NEGATIVE_INFINITY : row));
    expect((await evaluateScorer(scorer, split)).full.means).toEqual(
      (await evaluateScorer(same, split)).full.means,
    );
  });

  it('gives the scorer each history in rows of the scorer, oldest first', async () => {
    const seen: ShopperHistory[] = [];
    const split = await drawnSplit();
    const scorer = scorerOf(split, () => 0);
    await evaluateScorer(
      {
        ...scorer,
        scoreInto(histories, out) {
          seen.push(...histories);
          scorer.scoreInto(histories, out);
        },
      },
      split,
    );
    expect(seen.length).toBe(users);
    const { userOffsets, events } = split.train;
    expect([...seen[5].productRows]).toEqual([...events.productRow.subarray(userOffsets[5], userOffsets[6])]);
    expect([...seen[5].weights]).toEqual(Array.from({ length: 10 }, () => 1));
  });

  it('evaluates only the first users when limited, and stops when cancelled', async () => {
    const split = await drawnSplit();
    const scorer = scorerOf(split, () => 0);
    expect((await evaluateScorer(scorer, split, { limitUsers: 7 })).users).toBe(7);
    const stop = new AbortController();
    stop.abort();
    await expect(evaluateScorer(scorer, split, { signal: stop.signal })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
  });
});

describe('the sampled protocol', () => {
  it('is absent unless requested, and does not change the full figures', async () => {
    const split = await drawnSplit();
    const scores = (user: number, row: number): number => (user * 7 + row * 13) % 31;
    const without = await evaluateScorer(scorerOf(split, scores), split);
    const beside = await evaluateScorer(scorerOf(split, scores), split, {
      sampled: { negatives: 9, seed: 1 },
    });
    expect(without.sampled).toBeNull();
    expect(beside.full.means).toEqual(without.full.means);
  });

  it('gives equal scores a hit rate of 10 in 20 with 19 negatives, and a perfect scorer 1', async () => {
    const split = await drawnSplit();
    const sampled = { negatives: 19, seed: 1 };
    const constant = await evaluateScorer(
      scorerOf(split, () => 1),
      split,
      { sampled },
    );
    expect(constant.sampled?.means['hit@10']).toBeCloseTo(0.5, 12);
    const knowing = scorerOf(split, (user, row) => Number(isHeldOut(split, user, row)));
    expect((await evaluateScorer(knowing, split, { sampled })).sampled?.means.mrr).toBeCloseTo(1, 12);
  });

  it('draws the same negatives for every model, and different ones with another seed', async () => {
    const split = await drawnSplit();
    const scores = (user: number, row: number): number => (user * 7 + row * 13) % 31;
    const meansWith = async (seed: number, scale: number): Promise<unknown> => {
      const scorer = scorerOf(split, (user, row) => scores(user, row) * scale);
      return (await evaluateScorer(scorer, split, { sampled: { negatives: 5, seed } })).sampled?.means;
    };
    expect(await meansWith(1, 2)).toEqual(await meansWith(1, 1));
    expect(await meansWith(2, 1)).not.toEqual(await meansWith(1, 1));
  });

  it('uses every candidate when there are fewer than requested', async () => {
    const split = await drawnSplit();
    const knowing = scorerOf(split, () => 1);
    const { sampled } = await evaluateScorer(knowing, split, { sampled: { negatives: 1000, seed: 1 } });
    // 120 products minus 10 for training and 4 held out, plus the one that is ranked.
    expect(sampled?.means['hit@10']).toBeCloseTo(10 / 107, 9);
  });
});
