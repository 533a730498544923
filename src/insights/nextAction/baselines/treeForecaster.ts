import { forestProbabilitiesInto } from '../../../numeric/trees/boostTrees';
import type { Forest } from '../../../numeric/trees/forest';
import type { Forecaster } from '../forecaster';
import { stepFields } from '../step';
import { createFeatures } from './features';
import { forecastOf, likelyCategories, outcomeRowOf } from './frequencyForecaster';
import { outcomePlacesOf } from './outcomes';
import { type ActionTrees, treeHeads } from './trees';

/** Probability of an action that was not in the training data. */
const unseenShare = 1e-6;

const [typePlace, categoryPlace, startPlace, cartPlace] = (
  ['type', 'category', 'startsSession', 'cartSize'] as const
).map(field => stepFields.indexOf(field));

/** Predicts with trees over the features of a shopper's past; minutes and categories with frequencies. */
export function treeForecaster({ seen, actions, heads, frequencies }: ActionTrees): Forecaster {
  const { types } = frequencies;
  const places = outcomePlacesOf(types);
  const actionCount = types + 1;
  const outcomes = new Float64Array(places.count);
  const shares = new Float64Array(actionCount);
  const pair = new Float64Array(2);
  const features = createFeatures(types, frequencies.categoryCount);

  function writeActions(forest: Forest, state: Float32Array): void {
    forestProbabilitiesInto(forest, state, 0, shares);
    outcomes.fill(unseenShare, 0, actionCount);
    const left = 1 - unseenShare * (actionCount - seen.length);
    for (const [k, action] of seen.entries()) outcomes[action] = left * shares[k];
  }

  return {
    open: features.open,
    step: features.step,
    forecast(state) {
      const hasStarted = !Number.isNaN(state[typePlace]);
      const type = hasStarted ? state[typePlace] : -1;
      const previous = state[startPlace] === 0 ? state[stepFields.length] : types;
      const row = outcomeRowOf(frequencies, previous, type) * places.count;
      for (let place = 0; place < places.count; place++) outcomes[place] = frequencies.outcomes[row + place];
      if (actions) writeActions(actions, state);
      for (let head = 0; head < treeHeads.length; head++) {
        const forest = heads[head];
        if (!forest) continue;
        forestProbabilitiesInto(forest, state, 0, pair);
        outcomes[places.purchase + head] = pair[1];
      }
      const categories = likelyCategories(frequencies, hasStarted ? state[categoryPlace] : 0);
      return forecastOf(outcomes, 0, places, state[cartPlace] > 0, categories);
    },
  };
}
