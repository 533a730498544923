import { baselineCandidates } from '../../../../src/insights/nextAction/candidates';
import { nextActionSettings } from '../../../../src/insights/nextAction/settings';
import { splitInTime, tryCandidate } from '../../../../src/insights/nextAction/trial';
import { settingValuesOf } from '../../../../src/learning/settings';
import { demoSnapshot } from '../../../../src/main/commands/evaluate/demoData';
import { trainContext } from '../../../support/scorers';

/** A twelfth of the demo shop, few and quick rounds: a floor, not the figures of docs/models/next-action.md. */
const config = settingValuesOf(nextActionSettings, {
  maxTreeRounds: 14,
  treeLearningRate: 0.3,
  maxTreeLeaves: 10,
});

it('trees predict the demo shop better than two types, two types better than one, all calibrated', async () => {
  const course = splitInTime(await demoSnapshot(0.08, 1), config.maxCategories);
  const trials = [];
  for (const candidate of baselineCandidates)
    trials.push(await tryCandidate(candidate, course, config, trainContext(1)));
  const [majority, markov1, markov2, trees] = trials.map(({ after }) => after);
  expect(markov1['logLoss']).toBeLessThan(0.85 * majority['logLoss']);
  expect(markov2['logLoss']).toBeLessThan(0.98 * markov1['logLoss']);
  expect(trees['logLoss']).toBeLessThan(0.98 * markov2['logLoss']);
  expect(trees['auc/purchase']).toBeGreaterThan(0.7);
  for (const { ece } of [majority, markov1, markov2, trees]) expect(ece).toBeLessThan(0.06);
});
