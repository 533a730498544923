import { readCampaignSettings, readOfferTerms } from '../../src/intake/campaignSettings';

const settings = {
  objective: 'CLICK',
  channels: [{ channel: 'SMS', costMinor: 1 }],
  frequencyCap: null,
  quietHours: { startMinute: 1200, endMinute: 0 },
  sendingWindows: [],
  attributionWindowDays: 7,
  audience: { by: 'FILTER', filter: { not: { any: [{ orders: { atLeast: 1, days: null } }] } } },
};

it('reads what an export writes', () => {
  expect(readCampaignSettings(settings)).toEqual(settings);
  expect(readCampaignSettings({ ...settings, audience: { by: 'MODEL' } })?.audience).toEqual({ by: 'MODEL' });
  const terms = { kind: 'POINTS', categories: [['Home', '家']], points: 5 };
  expect(readOfferTerms(terms)).toEqual(terms);
});

const nested = (depth: number): object =>
  depth === 0 ? { attribute: { name: 'a', equals: 1 } } : { not: nested(depth - 1) };

it.each<[string, unknown]>([
  ['no object', null],
  ['a missing field', { ...settings, objective: undefined }],
  ['a further field', { ...settings, more: 1 }],
  ['another word', { ...settings, objective: 'FAME' }],
  ['no channel', { ...settings, channels: [] }],
  ['a cost below zero', { ...settings, channels: [{ channel: 'SMS', costMinor: -1 }] }],
  ['a minute of no day', { ...settings, quietHours: { startMinute: 1440, endMinute: 0 } }],
  ['a filter of two keys', { ...settings, audience: { by: 'FILTER', filter: { all: [], any: [] } } }],
  ['a filter of no key', { ...settings, audience: { by: 'FILTER', filter: {} } }],
  ['an unknown condition', { ...settings, audience: { by: 'FILTER', filter: { likes: 1 } } }],
  ['a filter where the model chooses', { ...settings, audience: { by: 'MODEL', filter: {} } }],
  ['a deep filter', { ...settings, audience: { by: 'FILTER', filter: nested(7) } }],
  ['a very deep filter', { ...settings, audience: { by: 'FILTER', filter: nested(9_000) } }],
  [
    'a text that cannot be stored',
    { ...settings, audience: { by: 'FILTER', filter: { attribute: { name: '\0', equals: 1 } } } },
  ],
])('refuses %s', (_what, value) => {
  expect(readCampaignSettings(value)).toBeNull();
});
