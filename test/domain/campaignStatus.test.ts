import { campaignStatuses } from '../../src/domain/campaign';
import { nextStatuses, refusedStep } from '../../src/domain/campaignStatus';
import { isContactable, joinSubscription, type Subscription } from '../../src/domain/subscription';

/** All steps that exist. */
const steps = [
  ...['DRAFT PLANNED', 'DRAFT CANCELLED', 'PLANNED RUNNING', 'PLANNED CANCELLED', 'RUNNING PAUSED'],
  ...['RUNNING COMPLETED', 'RUNNING CANCELLED', 'PAUSED RUNNING', 'PAUSED COMPLETED', 'PAUSED CANCELLED'],
];

it('allows the steps of a campaign, and refuses every other one with those that are possible', () => {
  for (const from of campaignStatuses)
    for (const to of campaignStatuses) {
      const reason = refusedStep(from, to);
      expect([from, to, reason === null]).toEqual([from, to, steps.includes(`${from} ${to}`)]);
      if (reason !== null) for (const possible of nextStatuses(from)) expect(reason).toContain(possible);
    }
});

it('never leaves a status in which a campaign has ended', () => {
  expect(nextStatuses('COMPLETED')).toEqual([]);
  expect(nextStatuses('CANCELLED')).toEqual([]);
});

it.each([
  [null, undefined, false],
  [true, undefined, true],
  [false, undefined, false],
  [null, { isSubscribed: true, suppression: null }, true],
  [true, { isSubscribed: false, suppression: null }, false],
  [false, { isSubscribed: true, suppression: null }, false],
  [true, { isSubscribed: null, suppression: null }, true],
  [true, { isSubscribed: true, suppression: 'BOUNCE' as const }, false],
  [null, { isSubscribed: null, suppression: null }, false],
])('with MARKETING %s and %j a shopper may be contacted: %s', (marketing, subscription, expected) => {
  expect(isContactable(marketing, subscription)).toBe(expected);
});

it('joins what a visitor chose so that no contact becomes possible that either one ended', () => {
  const choices = [null, true, false];
  const reports = [null, 'BOUNCE' as const];
  const all = choices.flatMap(isSubscribed =>
    reports.map(
      (suppression): Subscription => ({
        ...{ channel: 'EMAIL', isSubscribed, suppression, suppressedAt: suppression === null ? null : 1 },
        ...{ source: null, updatedAt: 1 },
      }),
    ),
  );
  for (const own of all)
    for (const visitor of all) {
      const joined = joinSubscription(own, visitor);
      const isEnded = [own, visitor].some(
        ({ isSubscribed, suppression }) => isSubscribed === false || suppression !== null,
      );
      expect(isContactable(true, joined)).toBe(!isEnded);
    }
});
