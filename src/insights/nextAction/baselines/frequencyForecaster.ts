import { topK } from '../../../numeric/topK';
import type { CategoryForecast, Forecast, Forecaster } from '../forecaster';
import { actionCount, type Step } from '../step';
import { contextCount, contextOf, type Frequencies, sessionStart } from './frequencies';
import { outcomeCount, outcomePlaces } from './outcomes';

/** How many categories a forecast names. */
const namedCategories = 5;

/** The likeliest next categories after one of a category (0: not known), best first. */
export function likelyCategories(
  { order, categoryCount, categories }: Frequencies,
  after: number,
): CategoryForecast[] {
  const first = order === 0 ? 0 : after * categoryCount;
  const best = topK(categories.subarray(first, first + categoryCount), namedCategories);
  return Array.from({ length: best.length }, (_, place) => ({
    category: best.rows[place] + 1,
    probability: best.scores[place],
  }));
}

/** A forecast from a row of outcomes. */
export function forecastOf(
  outcomes: ArrayLike<number>,
  first: number,
  hasCart: boolean,
  categories: readonly CategoryForecast[],
): Forecast {
  const { actions, minutes, purchase, abandonment, returns } = outcomePlaces;
  return {
    actions: Float32Array.from({ length: actionCount }, (_, action) => outcomes[first + actions + action]),
    expectedMinutes: outcomes[first + minutes],
    categories,
    purchase: outcomes[first + purchase],
    abandonment: hasCart ? outcomes[first + abandonment] : null,
    returnWithin: [outcomes[first + returns], outcomes[first + returns + 1], outcomes[first + returns + 2]],
  };
}

/** Places in a state: the last type (-1 before any), the one before it in the session, the last category, the cart. */
const [typePlace, previousPlace, categoryPlace, cartPlace] = [0, 1, 2, 3];

/** What a shopper of a state may be said from: the row of outcomes. */
export function outcomeRowOf({ order }: Frequencies, previous: number, type: number): number {
  return type < 0 ? contextCount(order) : contextOf(order, previous, type);
}

/** Says what came in the past after the last types. */
export function frequencyForecaster(frequencies: Frequencies): Forecaster {
  return {
    open: () => Float32Array.of(-1, sessionStart, 0, 0),
    step(state: Float32Array, { type, startsSession, category, cartSize }: Readonly<Step>) {
      state[previousPlace] = startsSession === 1 ? sessionStart : state[typePlace];
      state[typePlace] = type;
      state[categoryPlace] = category;
      state[cartPlace] = cartSize;
    },
    forecast(state) {
      const row = outcomeRowOf(frequencies, state[previousPlace], state[typePlace]);
      const categories = likelyCategories(frequencies, state[categoryPlace]);
      return forecastOf(frequencies.outcomes, row * outcomeCount, state[cartPlace] > 0, categories);
    },
  };
}
