import { toEventId, toUserId } from '../../src/domain/ids';
import type { ActionPrediction } from '../../src/domain/prediction';
import { fillOutcomes, outcomeOf } from '../../src/serving/nextActionOutcomes';
import { createMemoryStores } from '../../src/store/memory/stores';
import type { AwaitedPrediction } from '../../src/store/predictionPorts';
import { prediction } from '../conformance/stores/promise';
import { interaction, now, product, shopId } from './support';

const minute = 60_000;
const end = now + 30 * minute;

const awaited = (
  next: Partial<NonNullable<AwaitedPrediction['next']>> | null,
  sessionId: string | null = null,
): AwaitedPrediction => ({
  ...{ id: 'p', eventAt: now, sessionId },
  next: next && { type: 'CLICK', occurredAt: now + minute, sessionId: null, ...next },
});

describe('what came true', () => {
  const left = { action: 'LEAVE', at: end };
  const clicked = { action: 'CLICK', at: now + minute };
  it.each([
    ['the next event of the session', awaited({}), now + 2 * minute, clicked],
    ['an event after just half an hour', awaited({ occurredAt: end }), end, { action: 'CLICK', at: end }],
    ['a later event: the session was over', awaited({ occurredAt: end + 1 }), end + 2, left],
    ['silence for half an hour and some grace', awaited(null), end + 5 * minute + 1, left],
    ['nothing yet while events may still arrive', awaited(null), end + 5 * minute, null],
    ['an event of the same named session', awaited({ sessionId: 's' }, 's'), now, clicked],
    [
      'an event of another named session',
      awaited({ sessionId: 't' }, 's'),
      now,
      { ...left, at: now + minute },
    ],
    ['an event without a session', awaited({}, 's'), now, clicked],
  ])('is %s', (_, given, when, expected) => {
    expect(outcomeOf(given, when)).toEqual(expected);
  });
});

it('fills in all that is known, over several batches, and leaves the rest open', async () => {
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
  expect(await fillOutcomes(stores.predictions, shopId, now)).toBe(count);
  const found = await stores.predictions.findMany(shopId, ['p6', 'p7', 'open']);
  expect(found.get('p6')?.outcome?.action).toBe('LEAVE');
  expect(found.get('p7')?.outcome).toEqual({ action: 'PURCHASE', at: made[7].eventAt + minute });
  expect(found.get('open')?.outcome).toBeNull();
  expect(await fillOutcomes(stores.predictions, shopId, now)).toBe(0);
});
