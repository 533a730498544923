import { interactionCodes } from '../../src/domain/interaction';
import { defaultShopPolicy } from '../../src/domain/shopPolicy';
import { firstActions } from '../../src/insights/nextAction/actions';
import type { Forecaster } from '../../src/insights/nextAction/forecaster';
import { readingOf } from '../../src/insights/nextAction/load';
import type { NextActionReading } from '../../src/insights/nextAction/reading';
import { stepFields } from '../../src/insights/nextAction/step';
import { categorySeparator } from '../../src/insights/nextAction/vocabulary';
import {
  createNextActions,
  type NextActions,
  type NextActionsOptions,
} from '../../src/serving/nextAction/nextAction';

const cartAdd = interactionCodes.CART_ADD;
const [typePlace, cartPlace, categoryPlace, countPlace] = [0, 1, 2, 3];
const firstField = 4;

/**
 * Predicts that the last action is repeated, with a probability that falls with the number of events. Its state also holds
 * a sum over all numbers of all steps, so that two states are equal only when they took the same steps.
 */
const again: Forecaster = {
  open: () => new Float32Array(firstField + stepFields.length),
  step(state, step) {
    state[typePlace] = step.type;
    state[cartPlace] = step.cartSize;
    state[categoryPlace] = step.category;
    state[countPlace]++;
    for (const [at, field] of stepFields.entries()) state[firstField + at] += step[field] * state[countPlace];
  },
  forecast(state) {
    const actions = new Float32Array(firstActions.length);
    const again = state[typePlace];
    actions[again] = 1 / (1 + state[countPlace]);
    actions[firstActions.length - 1] = 1 - actions[again];
    const sum = state.subarray(firstField).reduce((total, value) => total + value, 0);
    return {
      actions,
      expectedMinutes: sum,
      categories: state[categoryPlace] > 0 ? [{ category: state[categoryPlace], probability: 0.5 }] : [],
      purchase: again === cartAdd ? 0.75 : 0.25,
      abandonment: state[cartPlace] > 0 ? 0.5 : null,
      returnWithin: [0.25, 0.5, 0.75],
    };
  },
};

/** A forecaster with this vocabulary. */
export const fakeVocabulary = {
  actions: firstActions,
  categories: ['Home', ['Home', 'Kitchen'].join(categorySeparator), 'Garden', 'Sport'],
  priceMean: 6,
  priceDeviation: 1,
};

/** A reading of {@link again}. @param onStep - called at each step */
export const readingOfAgain = (onStep: () => void = () => undefined): NextActionReading =>
  readingOf({
    servedBy: 'again',
    forecaster: {
      ...again,
      step(state, step) {
        onStep();
        again.step(state, step);
      },
    },
    vocabulary: fakeVocabulary,
  });

/** A reading whose forecasts a test can predict. */
const fakeForecaster = readingOfAgain();

/** The record that {@link fakeForecaster} is published under. */
const fakeForecasterRecord = (shopId: NextActionRecord['shopId'], version = 'v1'): NextActionRecord => ({
  shopId,
  id: `next-action-${version}`,
  model: 'next-action',
  version,
  ...{ snapshotDigest: 'digest', checksum: 'none', byteLength: 1, config: {}, metrics: {} },
  ...{ isLive: true, createdAt: 0, publishedAt: 0 },
});

type Live = NonNullable<Awaited<ReturnType<NextActionsOptions['liveForecaster']>>>;
type NextActionRecord = Live['record'];

/** An insight that serves, whose data end now. */
export const liveFake = (
  shopId: NextActionRecord['shopId'],
  { version = 'v1', reading = fakeForecaster, asOf = Number.POSITIVE_INFINITY } = {},
): Live => ({ record: fakeForecasterRecord(shopId, version), asOf, reading });

/** The service over stores, with {@link fakeForecaster} live in every shop. */
export const createTestNextActions = (
  options: Pick<NextActionsOptions, 'stores' | 'products' | 'onError'> & Partial<NextActionsOptions>,
): NextActions =>
  createNextActions({
    liveForecaster: async shopId => liveFake(shopId),
    policyOf: async () => defaultShopPolicy,
    ...options,
  });
