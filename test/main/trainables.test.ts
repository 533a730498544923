import { insights } from '../../src/insights/registry';
import {
  defaultTrainings,
  historySettings,
  isInsight,
  trainableByName,
  trainableNames,
} from '../../src/main/trainables';
import { modelByName } from '../../src/models/registry';

it('returns models and insights by name', () => {
  for (const name of trainableNames) expect(trainableByName(name).card.name).toBe(name);
  expect(trainableByName('popularity').card).toBe(modelByName('popularity').card);
  expect(trainableByName(insights[0].card.name).card).toBe(insights[0].card);
});

it('refuses an unknown name', () => {
  expect(() => trainableByName('no-such-name')).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
});

it('trains every insight by default, and distinguishes insights from models', () => {
  expect(trainableNames.filter(isInsight)).toEqual(insights.map(({ card }) => card.name));
  expect(defaultTrainings).toEqual(expect.arrayContaining(trainableNames.filter(isInsight)));
  expect(isInsight('popularity')).toBe(false);
});

it('reads histories with the half-life of the configuration', () => {
  expect(historySettings({ interestHalfLifeDays: 9 })).toEqual({ maxEvents: 200, halfLifeDays: 9 });
});
