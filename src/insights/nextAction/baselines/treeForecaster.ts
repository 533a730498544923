import { forestProbabilitiesInto } from '../../../numeric/trees/boostTrees';
import type { Forest } from '../../../numeric/trees/forest';
import type { Forecaster } from '../forecaster';
import { actionCount, stepFields } from '../step';
import { advanceFeatures, openFeatures } from './features';
import { sessionStart } from './frequencies';
import { forecastOf, likelyCategories, outcomeRowOf } from './frequencyForecaster';
import { outcomeCount, outcomePlaces } from './outcomes';
import { type ActionTrees, treeHeads } from './trees';

/** What an action is given that training never saw. */
const unseenShare = 1e-6;

const [typePlace, categoryPlace, startPlace, cartPlace] = (
  ['type', 'category', 'startsSession', 'cartSize'] as const
).map(field => stepFields.indexOf(field));

/** Says what trees make of the features of a shopper's past; minutes and categories by frequencies. */
export function treeForecaster({ seen, actions, heads, frequencies }: ActionTrees): Forecaster {
  const outcomes = new Float64Array(outcomeCount);
  const shares = new Float64Array(actionCount);
  const pair = new Float64Array(2);
  const firstHead = outcomePlaces.purchase;

  function writeActions(forest: Forest, state: Float32Array): void {
    forestProbabilitiesInto(forest, state, 0, shares);
    outcomes.fill(unseenShare, 0, actionCount);
    const left = 1 - unseenShare * (actionCount - seen.length);
    for (const [k, action] of seen.entries()) outcomes[action] = left * shares[k];
  }

  return {
    open: () => openFeatures(frequencies.categoryCount),
    step: advanceFeatures,
    forecast(state) {
      const hasStarted = !Number.isNaN(state[typePlace]);
      const type = hasStarted ? state[typePlace] : -1;
      const previous = state[startPlace] === 0 ? state[stepFields.length] : sessionStart;
      const row = outcomeRowOf(frequencies, previous, type) * outcomeCount;
      for (let place = 0; place < outcomeCount; place++) outcomes[place] = frequencies.outcomes[row + place];
      if (actions) writeActions(actions, state);
      for (let head = 0; head < treeHeads.length; head++) {
        const forest = heads[head];
        if (!forest) continue;
        forestProbabilitiesInto(forest, state, 0, pair);
        outcomes[firstHead + head] = pair[1];
      }
      const categories = likelyCategories(frequencies, hasStarted ? state[categoryPlace] : 0);
      return forecastOf(outcomes, 0, state[cartPlace] > 0, categories);
    },
  };
}
