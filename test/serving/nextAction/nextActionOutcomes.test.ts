import { toEventId, toUserId } from '../../../src/domain/ids';
import type { ActionPrediction } from '../../../src/domain/prediction';
import { createShopperSteps } from '../../../src/insights/nextAction/shopperSteps';
import { createRng } from '../../../src/numeric/rng';
import { fillOutcomes, outcomeOf } from '../../../src/serving/nextAction/nextActionOutcomes';
import { createMemoryStores } from '../../../src/store/memory/stores';
import type { AwaitedPrediction } from '../../../src/store/ports/prediction';
import { prediction } from '../../conformance/stores/promise';
import { fakeVocabulary } from '../../support/fakeForecaster';
import { interaction, now, product, shopId } from '../support';

const minute = 60_000;
const end = now + 30 * minute;

const awaited = (
  next: Partial<NonNullable<AwaitedPrediction['next']>> | null,
  sessionId: string | null = null,
  isBareSearch = false,
): AwaitedPrediction => ({
  ...{ id: 'p', eventAt: now, sessionId, isBareSearch },
  next: next && {
    ...{ type: 'CLICK', occurredAt: now + minute, sessionId: null, isBareSearch: false },
    ...next,
  },
});

describe('outcomes of predictions', () => {
  const left = { action: 'LEAVE', at: end };
  const clicked = { action: 'CLICK', at: now + minute };
  const leftAtOnce = { ...left, at: now + minute };
  const searched = { ...clicked, action: 'SEARCH' };
  it.each([
    ['the next event of the session', awaited({}), now + 2 * minute, clicked],
    ['an event after just half an hour', awaited({ occurredAt: end }), end, { action: 'CLICK', at: end }],
    ['a later event: the session was over', awaited({ occurredAt: end + 1 }), end + 2, left],
    ['silence for half an hour and some grace', awaited(null), end + 5 * minute + 1, left],
    ['nothing yet while events may still arrive', awaited(null), end + 5 * minute, null],
    ['an event of the same named session', awaited({ sessionId: 's' }, 's'), now, clicked],
    ['an event of another named session', awaited({ sessionId: 't' }, 's'), now, leftAtOnce],
    ['an event without a session after one of a named', awaited({}, 's'), now, leftAtOnce],
    ['an event of a named session after one without', awaited({ sessionId: 's' }), now, leftAtOnce],
    ['a search without a product', awaited({ isBareSearch: true, type: 'SEARCH' }, 's'), now, searched],
    ['an event after such a search', awaited({ sessionId: 's' }, null, true), now, clicked],
  ])('is %s', (_, given, when, expected) => {
    expect(outcomeOf(given, when)).toEqual(expected);
  });
});

it('end a session at the gap at which training begins one', () => {
  const rng = createRng(1);
  const reader = createShopperSteps(fakeVocabulary);
  const events = Array.from({ length: 400 }, (_, index) => {
    const made = interaction(`e${index}`, 'u', product(1), 'VIEW', now + index * minute);
    return { ...made, sessionId: [null, 's', 't'][rng.int(3)] };
  });
  const begins = events.map(event => reader(event, undefined)?.startsSession === 1);
  const judged = events.slice(1).map(({ occurredAt, sessionId }, index) => {
    const mine = {
      ...awaited({ occurredAt, sessionId }, events[index].sessionId),
      eventAt: occurredAt - minute,
    };
    return outcomeOf(mine, occurredAt)?.action === 'LEAVE';
  });
  expect(judged).toEqual(begins.slice(1));
});

it('fills in all known outcomes in several batches, and leaves the rest open', async () => {
  const stores = createMemoryStores();
  const count = 5_200;
  const made = Array.from({ length: count }, (_, index): ActionPrediction => {
    const at = now - 2 * 3_600_000 + index;
    const said = { userId: toUserId(`u${index}`), eventId: toEventId(`e${index}`), eventAt: at };
    return { ...prediction(shopId, `p${index}`), ...said, predictedAt: at };
  });
  const user = toUserId('here');
  const open = {
    ...prediction(shopId, 'open'),
    userId: user,
    eventAt: now - minute,
    predictedAt: now - minute,
  };
  const users = [...made, open].map(({ userId }) => ({ id: userId }));
  await stores.users.upsertMany(shopId, users, now);
  await stores.predictions.saveMany([...made, open]);
  await stores.interactions.insertMany([
    interaction('next', 'u7', product(1), 'PURCHASE', made[7].eventAt + minute),
  ]);
  expect(await fillOutcomes(stores.predictions, shopId, now, 1)).toBe(5_000);
  expect(await fillOutcomes(stores.predictions, shopId, now)).toBe(count - 5_000);
  const found = await stores.predictions.findMany(shopId, ['p6', 'p7', 'open']);
  expect(found.get('p6')?.outcome?.action).toBe('LEAVE');
  expect(found.get('p7')?.outcome).toEqual({ action: 'PURCHASE', at: made[7].eventAt + minute });
  expect(found.get('open')?.outcome).toBeNull();
  expect(await fillOutcomes(stores.predictions, shopId, now)).toBe(0);
});
