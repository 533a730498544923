import { isHigherBetter } from '../../src/evaluation/task';

it('knows which metrics are better when lower', () => {
  expect(['ndcg@10', 'novelty', 'rmse', 'miscalibration', 'gini'].filter(isHigherBetter)).toEqual([
    'ndcg@10',
    'novelty',
  ]);
});
