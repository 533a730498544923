import { answerInstant, answerInstantOf, endedAfterDays } from '../../../src/serving/live/eventsEnd';

const day = 86_400_000;
const now = Date.UTC(2026, 0, 1);

it('is now while events are known of the latest half year, and the latest event after that', () => {
  expect(answerInstant(now, now - endedAfterDays * day)).toBe(now);
  expect(answerInstant(now, now - endedAfterDays * day - 1)).toBe(now - endedAfterDays * day - 1);
  expect(answerInstant(now, now + day)).toBe(now);
  expect(answerInstant(now, Number.NEGATIVE_INFINITY)).toBe(now);
});

it('is the latest of what models learned and what the shopper did', () => {
  const shelfOf = (...instants: readonly number[]) => ({
    current: () => new Map(instants.map((asOf, at) => [`${at}`, { asOf }] as const)),
  });
  const archive = (...events: readonly number[]) =>
    answerInstantOf(
      { shelf: shelfOf(now - 900 * day, now - 800 * day), insights: shelfOf(now - 850 * day) },
      events.map(occurredAt => ({ occurredAt })),
      now,
    );
  expect(archive()).toBe(now - 800 * day);
  expect(archive(now - 1000 * day)).toBe(now - 800 * day);
  expect(archive(now - 700 * day, now - 999 * day)).toBe(now - 700 * day);
  expect(archive(now - day)).toBe(now);
  expect(answerInstantOf({ shelf: shelfOf(), insights: shelfOf() }, [], now)).toBe(now);
});
