import { toPredictionView } from '../../../src/graphql/nextAction/nextAction.type';
import { freshShops, prediction } from '../../conformance/stores/promise';

it('shows the actions that a prediction names, and leaves out names that this version does not know', () => {
  const { shop } = freshShops();
  const given = { actionNames: ['VIEW', 'FUTURE_TYPE', 'LEAVE'], actions: [0.125, 0.625, 0.25] };
  expect(toPredictionView(prediction(shop, 'p', given))).toMatchObject({
    actions: [
      { action: 'LEAVE', probability: 0.25 },
      { action: 'VIEW', probability: 0.125 },
    ],
    likeliest: 'LEAVE',
  });
});
