import { type FrequencyCap, isStricterCap, isWithinCap } from '../../src/domain/frequencyCap';
import { createRng } from '../../src/numeric/rng';

const dayMs = 86_400_000;
const days = (...numbers: number[]): number[] => numbers.map(day => day * dayMs);

it.each<[string, number[], number, FrequencyCap, boolean]>([
  ['the first contact', [], 5, { contacts: 1, days: 7 }, true],
  ['a second one within the days', [4], 5, { contacts: 1, days: 7 }, false],
  ['one before a planned contact', [8], 5, { contacts: 1, days: 7 }, false],
  ['one exactly the days later', [0], 7, { contacts: 1, days: 7 }, true],
  ['one between two that leave no window with all three', [0, 8], 4, { contacts: 2, days: 7 }, true],
  ['one between two within one window', [1, 6], 4, { contacts: 2, days: 7 }, false],
])('%s', (_what, others, at, cap, allowed) => {
  expect(isWithinCap(days(...others), at * dayMs, cap)).toBe(allowed);
});

it('keeps every window of a cap, whatever order contacts are added in', () => {
  const rng = createRng(3);
  for (let round = 0; round < 50; round++) {
    const cap = { contacts: 1 + Math.floor(rng.uniform() * 4), days: 1 + Math.floor(rng.uniform() * 10) };
    const kept: number[] = [];
    for (let tried = 0; tried < 60; tried++) {
      const at = Math.floor(rng.uniform() * 40 * dayMs);
      const isKept = isWithinCap(kept, at, cap);
      const inWindowFrom = (start: number) =>
        [...kept, at].filter(time => time >= start && time < start + cap.days * dayMs);
      const isBroken = [...kept, at].some(start => inWindowFrom(start).length > cap.contacts);
      expect(isKept).toBe(!isBroken);
      if (isKept) kept.push(at);
    }
  }
});

it('is stricter with fewer contacts or more days', () => {
  const shop = { contacts: 3, days: 7 };
  expect(isStricterCap({ contacts: 2, days: 1 }, shop)).toBe(true);
  expect(isStricterCap({ contacts: 9, days: 8 }, shop)).toBe(true);
  expect(isStricterCap(shop, shop)).toBe(false);
  expect(isStricterCap({ contacts: 4, days: 7 }, shop)).toBe(false);
});
