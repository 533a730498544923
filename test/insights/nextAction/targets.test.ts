import { type ActionTargets, actionTargetsOf, unknownTarget } from '../../../src/insights/nextAction/targets';
import { codeOf, dayMs, endAction, minuteMs, sessionOfTypes, stepsOfEvents } from './actionSteps';

const [view, add, buy] = [codeOf('VIEW'), codeOf('CART_ADD'), codeOf('PURCHASE')];
const always = { after: Number.NEGATIVE_INFINITY, until: 365 * dayMs };

const returnsOf = ({ returns }: ActionTargets, step: number): number[] => returns.map(flags => flags[step]);

describe('targets of steps', () => {
  it('are the next event of the session, then its end', async () => {
    const steps = await stepsOfEvents([
      ...sessionOfTypes('u', 'vab'),
      ...sessionOfTypes('u', 'v', 3 * dayMs),
    ]);
    const targets = actionTargetsOf(steps, always);
    expect(Array.from(targets.next)).toEqual([add, buy, endAction, endAction]);
    expect(Array.from(targets.minutes)).toEqual([1, 1, Number.NaN, Number.NaN]);
    expect(Array.from(targets.purchase)).toEqual([1, 1, 0, 0]);
    expect(Array.from(targets.abandonment)).toEqual([-1, 0, -1, -1]);
    expect(returnsOf(targets, 0)).toEqual([0, 1, 1]);
    expect(returnsOf(targets, 3)).toEqual([0, 0, 0]);
  });

  it('mark a cart as abandoned when it is not empty at the end and nothing was bought', async () => {
    const steps = await stepsOfEvents([
      ...sessionOfTypes('u', 'av'),
      ...sessionOfTypes('v', 'ar'),
      ...sessionOfTypes('w', 'abv'),
    ]);
    const { abandonment } = actionTargetsOf(steps, always);
    expect(Array.from(abandonment)).toEqual([1, 1, 0, -1, 0, -1, -1]);
  });

  it('are masked where the window ends before they are known', async () => {
    const steps = await stepsOfEvents([
      ...sessionOfTypes('u', 'vab'),
      ...sessionOfTypes('u', 'v', 3 * dayMs),
    ]);
    // The session ends only after half an hour of silence, but its events so far are known.
    const during = actionTargetsOf(steps, { ...always, until: 10 * minuteMs });
    expect(Array.from(during.next)).toEqual([add, buy, unknownTarget, unknownTarget]);
    expect(Array.from(during.purchase)).toEqual([1, 1, unknownTarget, unknownTarget]);
    expect(returnsOf(during, 0)).toEqual([-1, -1, -1]);
    // Steps later than the window are not visible in it.
    const twoDays = actionTargetsOf(steps, { ...always, until: 2 * dayMs });
    expect(Array.from(twoDays.next)).toEqual([add, buy, endAction, unknownTarget]);
    expect(returnsOf(twoDays, 0)).toEqual([0, -1, -1]);
    // Shoppers who returned early are masked like those who did not: keeping only them would overestimate the share of returns.
    const fourDays = actionTargetsOf(steps, { ...always, until: 4 * dayMs });
    expect(returnsOf(fourDays, 0)).toEqual([0, -1, -1]);
    // Steps before the window have no targets.
    const later = actionTargetsOf(steps, { after: minuteMs, until: 365 * dayMs });
    expect(Array.from(later.next)).toEqual([-1, -1, endAction, endAction]);
    expect(view).toBe(0);
  });

  it('are those of the last step of an instant: nothing follows within an order', async () => {
    const steps = await stepsOfEvents([
      { user: 'u', product: 'x', at: 0 },
      ...['a', 'b', 'c', 'd'].map(product => ({
        user: 'u',
        product,
        at: minuteMs,
        type: 'PURCHASE' as const,
      })),
      { user: 'u', product: 'y', at: 2 * minuteMs },
    ]);
    const targets = actionTargetsOf(steps, always);
    const masked = unknownTarget;
    expect(Array.from(targets.next)).toEqual([buy, masked, masked, masked, view, endAction]);
    expect(Array.from(targets.minutes)).toEqual([1, Number.NaN, Number.NaN, Number.NaN, 1, Number.NaN]);
    expect(Array.from(targets.purchase)).toEqual([1, masked, masked, masked, 0, 0]);
    expect([1, 2, 3].map(step => returnsOf(targets, step))).toEqual([1, 2, 3].map(() => [-1, -1, -1]));
  });
});
