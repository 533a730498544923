import { topK } from '../../../numeric/topK';
import type { CategoryForecast, Forecast, Forecaster } from '../forecaster';
import type { Step } from '../step';
import { contextCount, contextOf, type Frequencies } from './frequencies';
import { type OutcomePlaces, outcomePlacesOf } from './outcomes';

/** Most categories in a forecast. */
const namedCategories = 5;

/** Returns the most likely next categories after a category (0: unknown), best first. */
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

/** Makes a forecast of a row of outcomes. */
export function forecastOf(
  outcomes: ArrayLike<number>,
  first: number,
  { minutes, purchase, abandonment, returns }: OutcomePlaces,
  hasCart: boolean,
  categories: readonly CategoryForecast[],
): Forecast {
  return {
    actions: Float32Array.from({ length: minutes }, (_, action) => outcomes[first + action]),
    expectedMinutes: outcomes[first + minutes],
    categories,
    purchase: outcomes[first + purchase],
    abandonment: hasCart ? outcomes[first + abandonment] : null,
    returnWithin: [outcomes[first + returns], outcomes[first + returns + 1], outcomes[first + returns + 2]],
  };
}

/** Places in a state: the last type (-1 before any), the one before it in the session, the last category, the cart. */
const [typePlace, previousPlace, categoryPlace, cartPlace] = [0, 1, 2, 3];

/** Returns the row of outcomes after two types. @param type - negative before any event */
export function outcomeRowOf(frequencies: Frequencies, previous: number, type: number): number {
  return type < 0 ? contextCount(frequencies) : contextOf(frequencies, previous, type);
}

/** Predicts what followed the last types in the past. */
export function frequencyForecaster(frequencies: Frequencies): Forecaster {
  const { types } = frequencies;
  const places = outcomePlacesOf(types);
  return {
    open: () => Float32Array.of(-1, types, 0, 0),
    step(state: Float32Array, { type, startsSession, category, cartSize }: Readonly<Step>) {
      state[previousPlace] = startsSession === 1 ? types : state[typePlace];
      state[typePlace] = type;
      state[categoryPlace] = category;
      state[cartPlace] = cartSize;
    },
    forecast(state) {
      const row = outcomeRowOf(frequencies, state[previousPlace], state[typePlace]);
      const categories = likelyCategories(frequencies, state[categoryPlace]);
      return forecastOf(frequencies.outcomes, row * places.count, places, state[cartPlace] > 0, categories);
    },
  };
}
