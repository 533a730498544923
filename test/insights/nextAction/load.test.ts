import { firstActions } from '../../../src/insights/nextAction/actions';
import type { Forecast } from '../../../src/insights/nextAction/forecaster';
import { readingOf } from '../../../src/insights/nextAction/load';
import { fakeVocabulary } from '../../support/fakeForecaster';

const saying = (returnWithin: Forecast['returnWithin']): Forecast['returnWithin'] =>
  readingOf({
    servedBy: 'test',
    vocabulary: fakeVocabulary,
    forecaster: {
      open: () => new Float32Array(0),
      step: () => undefined,
      forecast: () => ({
        actions: new Float32Array(firstActions.length),
        expectedMinutes: 1,
        categories: [],
        purchase: 0.5,
        abandonment: null,
        returnWithin,
      }),
    },
  })
    .openShopper()
    .forecast().returnWithin;

it('never has a return within a longer time less likely than within a shorter one', () => {
  expect(saying([0.1, 0.2, 0.3])).toEqual([0.1, 0.2, 0.3]);
  expect(saying([0.93, 1, 0.23])).toEqual([0.93, 1, 1]);
  expect(saying([0.5, 0.2, 0.3])).toEqual([0.5, 0.5, 0.5]);
});
