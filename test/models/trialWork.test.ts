import { collaborative } from '../../src/models/collaborative/model';
import { content } from '../../src/models/content/model';
import type { Scorer, ShopperHistory } from '../../src/models/model';
import { maxShoppers, shopperTrialOf, trialGains, trialGainsOfSums } from '../../src/models/shopperTrial';
import { threadTasks } from '../../src/models/threadTasks';
import { trainBackoff } from '../../src/models/trainBackoff';
import { serialThreadPool } from '../../src/numeric/threadPool';
import type { ProductDocument } from '../../src/snapshot/snapshot';
import { withEvents } from '../../src/snapshot/split';
import { trainContext } from '../support/scorers';
import { sparseShop } from '../support/sparseShop';

/** Scores by product row, and counts the lists it is asked for. */
function countingScorer(products: Scorer['products'], scoreOf: (row: number) => number) {
  const asked: ShopperHistory[] = [];
  const scorer: Scorer = {
    products,
    scoreInto([history], out) {
      asked.push(history);
      for (let row = 0; row < out.length; row++) out[row] = scoreOf(row);
    },
  };
  return { scorer, asked };
}

it('models that are trained on the same snapshot share its trial and its categories', async () => {
  const snapshot = await sparseShop(false);
  const trial = await shopperTrialOf(snapshot, 1);
  expect(await shopperTrialOf(snapshot, 1)).toBe(trial);
  expect(await shopperTrialOf(snapshot, 2)).not.toBe(trial);
  const counted = await trainBackoff(trial.train, trial.preferences, trainContext());
  expect(await trainBackoff(trial.train, trial.preferences, trainContext(2))).toBe(counted);
});

it('a trial asks each scorer once per shopper, however many weights of a sum it compares', async () => {
  const { shoppers, train } = await shopperTrialOf(await sparseShop(false, 2_000), 1);
  expect(shoppers.length).toBeGreaterThan(300);
  expect(shoppers.length).toBeLessThanOrEqual(maxShoppers);
  const base = countingScorer(train.products, row => (row % 7 === 0 ? Number.NaN : (row * 37) % 101));
  const added = countingScorer(train.products, row => row % 13);
  const weights = [0, 0.5, 4];
  const gains = trialGainsOfSums(base.scorer, added.scorer, weights, shoppers);
  expect([base.asked.length, added.asked.length]).toEqual([shoppers.length, shoppers.length]);
  for (const [place, weight] of weights.entries()) {
    const sum = countingScorer(train.products, row => {
      const own = row % 7 === 0 ? Number.NaN : (row * 37) % 101;
      return weight === 0 ? own : (Number.isNaN(own) ? 0 : own) + weight * (row % 13);
    });
    const expected = trialGains(sum.scorer, shoppers);
    for (const [index, gain] of gains[place].entries()) expect(gain).toBeCloseTo(expected[index], 6);
  }
});

it('collaborative tries two short trainings, and none where the same run has chosen before', async () => {
  const snapshot = await sparseShop(false);
  const epochs = { given: 8, ofTrial: 3 };
  let halfEpochs = 0;
  const pool = serialThreadPool(threadTasks);
  const context = {
    ...trainContext(),
    threads: {
      ...pool,
      run(task: string, payloads: Parameters<typeof pool.run>[1]) {
        if (task === 'collaborative.solve') halfEpochs++;
        return pool.run(task, payloads);
      },
    },
  };
  const measured = await collaborative({ rank: 8, epochs: epochs.given }).train(snapshot, context);
  expect(halfEpochs).toBe(2 * (epochs.given + 2 * epochs.ofTrial));
  halfEpochs = 0;
  await collaborative({ rank: 8, epochs: epochs.given }).train(snapshot, { ...context, measured });
  expect(halfEpochs).toBe(2 * epochs.given);
});

it('content reads each text once for its trial, the training that is measured and the final one', async () => {
  const shop = await sparseShop(false);
  let reads = 0;
  const documents = (shop.documents ?? []).map(
    (document, row): ProductDocument | null =>
      document && {
        ...document,
        get titles() {
          reads++;
          return [`Cup ${row % 100} of clay`];
        },
      },
  );
  const whole = { ...shop, documents };
  const part = await withEvents(whole, shop.asOf, event => event % 10 < 9);
  // The digest of a part reads texts too.
  reads = 0;
  const measured = await content({ rank: 8 }).train(part, trainContext());
  const afterFirst = reads;
  expect(afterFirst).toBeGreaterThan(0);
  await content({ rank: 8 }).train(whole, { ...trainContext(), measured });
  expect(reads).toBe(afterFirst);
});
