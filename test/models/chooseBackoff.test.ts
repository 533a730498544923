import { backoffPool } from '../../src/models/backoff';
import type { BackoffConfig } from '../../src/models/backoffSettings';
import { chooseBackoff } from '../../src/models/chooseBackoff';
import { itemNeighbours } from '../../src/models/itemNeighbours/model';
import { markov } from '../../src/models/markov/model';
import type { Scorer } from '../../src/models/model';
import { popularity } from '../../src/models/popularity/model';
import { shopperTrialOf, trialGains } from '../../src/models/shopperTrial';
import type { Snapshot } from '../../src/snapshot/snapshot';
import { trainContext } from '../support/scorers';
import { sparseShop } from '../support/sparseShop';

/** Chooses between a strength with which a scorer knows nothing, and one with which it knows the category of the latest product. */
const chosen = (snapshot: Snapshot, config: BackoffConfig) =>
  chooseBackoff(snapshot, config, trainContext(), {
    strengths: [2, 5],
    train: () =>
      Promise.resolve((backoff, strength) => ({
        products: snapshot.products,
        scoreInto([history], out) {
          out.fill(0);
          const pool = backoffPool(backoff);
          if (strength === 5) pool.add(history.productRows[history.productRows.length - 1], 1);
          pool.addInto(out);
        },
      })),
  });

const headerWith = (config: Readonly<Record<string, string | number>>) => ({
  model: 'm',
  config,
  snapshotDigest: '',
  asOf: 0,
  seed: 1,
});

describe('the choice of a back-off', () => {
  it('keeps what is set, without a trial', async () => {
    const train = jest.fn();
    const set = { backoffStrength: 7, backoffSpread: 'even' } as const;
    const snapshot = await sparseShop(false);
    expect(await chooseBackoff(snapshot, set, trainContext(), { strengths: [1], train })).toEqual(set);
    expect(train).not.toHaveBeenCalled();
  });

  it('keeps what the same run chose on the measured part, without a second trial', async () => {
    const train = jest.fn();
    const automatic = { backoffStrength: -1, backoffSpread: 'auto' } as const;
    const measured = { header: headerWith({ backoffStrength: 3, backoffSpread: 'even' }), arrays: new Map() };
    const again = await chooseBackoff(
      await sparseShop(false),
      automatic,
      { ...trainContext(), measured },
      { strengths: [1], train },
    );
    expect(again).toEqual({ backoffStrength: 3, backoffSpread: 'even' });
    expect(train).not.toHaveBeenCalled();
  });

  it('spreads evenly where products are short-lived, by popularity where they stay', async () => {
    const automatic = { backoffStrength: 1, backoffSpread: 'auto' } as const;
    expect(await chosen(await sparseShop(true), automatic)).toEqual({ ...automatic, backoffSpread: 'even' });
    const staying = { ...automatic, backoffSpread: 'popularity' };
    expect(await chosen(await sparseShop(false), automatic)).toEqual(staying);
  });

  it('takes the strength that finds more', async () => {
    const automatic = { backoffStrength: -1, backoffSpread: 'auto' } as const;
    expect((await chosen(await sparseShop(false), automatic)).backoffStrength).toBe(5);
  });
});

describe('in a shop where products say little and categories much', () => {
  const meanOf = (gains: Float64Array): number => gains.reduce((sum, gain) => sum + gain, 0) / gains.length;

  it.each([
    ['item-neighbours', itemNeighbours],
    ['markov', markov],
  ])('%s finds more than popularity, and much more than without the back-off', async (_, create) => {
    const { train, shoppers } = await shopperTrialOf(await sparseShop(false, 80), 1);
    const gainOf = async (model: ReturnType<typeof create | typeof popularity>): Promise<number> => {
      const artifact = await model.train(train, trainContext());
      const scorer: Scorer = model.load(artifact);
      return meanOf(trialGains(scorer, shoppers));
    };
    const own = await gainOf(create());
    expect(own).toBeGreaterThan(2 * (await gainOf(popularity())));
    expect(own).toBeGreaterThan(1.2 * (await gainOf(create({ backoffStrength: 0 }))));
  });

  it.each([
    ['item-neighbours', itemNeighbours],
    ['markov', markov],
  ])('products like one of %s that nobody chose are those of its category', async (_, create) => {
    const snapshot = await sparseShop(true);
    const model = create();
    const scorer = model.load(await model.train(snapshot, trainContext()));
    const out = new Float32Array(scorer.products.size);
    scorer.similarInto(scorer.products.rowOf('p4-59'), out);
    const best = [...out.keys()]
      .filter(row => !Number.isNaN(out[row]))
      .sort((a, b) => out[b] - out[a])
      .slice(0, 10)
      .map(row => scorer.products.idOf(row));
    expect(best.every(id => id.startsWith('p4-'))).toBe(true);
  });

  it.each([
    ['item-neighbours', itemNeighbours],
    ['markov', markov],
  ])('%s writes what it chose in the header, and reads artifacts without a back-off', async (_, create) => {
    const snapshot = await sparseShop(false);
    const artifact = await create().train(snapshot, trainContext());
    expect(artifact.header.config['backoffStrength']).toBeGreaterThan(0);
    expect(artifact.header.config['backoffSpread']).toBe('popularity');
    const earlier = new Map([...artifact.arrays].filter(([name]) => !name.startsWith('backoff')));
    const scorer = create().load({ ...artifact, arrays: earlier });
    const out = new Float32Array(scorer.products.size);
    scorer.similarInto(0, out);
    expect(out.every((score, row) => row === 0 || Number.isFinite(score))).toBe(true);
  });
});
