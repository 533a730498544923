import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { interactionTypes } from '../../src/domain/interaction';
import {
  alreadySeenRules,
  changedOverrides,
  defaultEventWeights,
  defaultShopPolicy,
  policyKeys,
  policyValueOf,
  problemsOfChange,
  readOverrides,
  shopPolicyOf,
} from '../../src/domain/shopPolicy';
import { changedPolicy as changed } from '../support/changedPolicy';

it('has the documented defaults', () => {
  expect(defaultShopPolicy).toEqual({
    eventWeights: defaultEventWeights,
    alreadySeen: { rule: 'LEARNED', days: null },
    newcomers: { every: 10, days: 14 },
    discovery: { every: 6 },
    retention: { interactionDays: null, listDays: 90 },
    attributionWindowDays: 30,
    campaigns: { maxContacts: 3, capDays: 7, quietFromMinute: 1260, quietToMinute: 480, timeZone: 'UTC' },
  });
});

it('takes every setting, and resets each alone', () => {
  expect(Object.keys(changed).sort()).toEqual([...policyKeys].sort());
  expect(problemsOfChange(changed)).toEqual([]);
  const policy = shopPolicyOf(changed);
  for (const key of policyKeys) expect([key, policyValueOf(policy, key)]).toEqual([key, changed[key]]);
  for (const key of policyKeys) {
    const reset = shopPolicyOf(changedOverrides(changed, { [key]: null }));
    for (const other of policyKeys) {
      const from = other === key ? defaultShopPolicy : policy;
      expect([other, policyValueOf(reset, other)]).toEqual([other, policyValueOf(from, other)]);
    }
  }
});

it.each([
  ['eventWeights.VIEW', [-25.5, 25.5, Number.NaN, Number.POSITIVE_INFINITY, '1', true], [-25, 0, 2.5, 25]],
  ['alreadySeen.rule', ['KEEP_ALL', 1], alreadySeenRules],
  ['alreadySeen.days', [0, 3651, 1.5], [1, 3650]],
  ['newcomers.every', [-1, 101, 0.5, '10'], [0, 100]],
  ['newcomers.days', [0, 366], [1, 365]],
  ['discovery.every', [-1, 101, 2.5], [0, 100]],
  ['retention.interactionDays', [0, 36_501], [1, 36_500]],
  ['retention.listDays', [0, 3651], [1, 3650]],
  ['attributionWindowDays', [0, 366, {}], [1, 365]],
  ['campaigns.maxContacts', [0, 101, 1.5], [1, 100]],
  ['campaigns.capDays', [0, 366, '7'], [1, 365]],
  ['campaigns.quietFromMinute', [-1, 1440], [0, 1439]],
  ['campaigns.quietToMinute', [-1, 1440, Number.NaN], [0, 1439]],
  [
    'campaigns.timeZone',
    ['', 'Mars/Olympus', '+02:00', 7, 'x'.repeat(300)],
    ['Europe/Berlin', 'UTC', 'Asia/Kolkata'],
  ],
] as const)('limits %s to its range', (key, refused, accepted) => {
  for (const value of accepted) expect(problemsOfChange({ [key]: value })).toEqual([]);
  for (const value of refused) {
    const [problem, ...others] = problemsOfChange({ [key]: value });
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ key });
    expect(problem.message).toMatch(/^Expected .+; got .+\. Choose .+$/);
  }
});

it('names every bad field, also unknown ones', () => {
  const problems = problemsOfChange({ 'newcomers.every': -1, 'newcomers.days': 3, 'eventWeights.NAP': 1 });
  expect(problems.map(({ key }) => key)).toEqual(['newcomers.every', 'eventWeights.NAP']);
});

it('gives a type that a stored policy does not know its default weight, and ignores a type it does not know', () => {
  const stored = { 'eventWeights.VIEW': 2, 'eventWeights.TELEPORT': 9 };
  const { overrides, problems } = readOverrides(stored);
  expect(problems).toEqual([]);
  expect(shopPolicyOf(overrides).eventWeights).toEqual({ ...defaultEventWeights, VIEW: 2 });
});

it('leaves a stored value out of range at its default, and names it', () => {
  const { overrides, problems } = readOverrides({ 'newcomers.every': 1e9, 'newcomers.days': 3 });
  expect(shopPolicyOf(overrides).newcomers).toEqual({ every: 10, days: 3 });
  expect(problems.map(({ key }) => key)).toEqual(['newcomers.every']);
});

it('reads any stored value as a policy within its ranges', () => {
  const stored = fc.dictionary(fc.oneof(fc.constantFrom(...policyKeys), fc.string()), fc.jsonValue());
  fc.assert(
    fc.property(stored, values => {
      const policy = shopPolicyOf(readOverrides(values).overrides);
      const read = Object.fromEntries(policyKeys.map(key => [key, policyValueOf(policy, key)]));
      expect(problemsOfChange(read)).toEqual([]);
    }),
  );
});

it('has every setting in docs/configuration.md, with its default', () => {
  const docs = readFileSync(join(__dirname, '..', '..', 'docs', 'configuration.md'), 'utf8');
  const listed = Array.from(docs.matchAll(/^\| `([a-z]+(?:\.[a-z]+)?)` \| (\S+) \|/gim), ([, key, value]) => [
    key,
    value.replaceAll('`', ''),
  ]).filter(([key]) => /[a-z]/.test(key));
  const single = policyKeys.filter(key => !key.startsWith('eventWeights.'));
  const defaults = single.map(key => [key, `${policyValueOf(defaultShopPolicy, key) ?? '–'}`]);
  expect(listed).toEqual(defaults);
  expect(docs).toContain(`| \`eventWeights.${interactionTypes[0]}\` and so on`);
});
