import { type ShopId, toShopId, toUserId, type UserId } from '../../../src/domain/ids';
import { createInterestBuffer } from '../../../src/serving/interestTags/interestBuffer';

const shop = toShopId('shop');
const ids = (...names: string[]) => names.map(toUserId);

function bench(given: { batch?: number; maxPending?: number; save?: () => Promise<void> } = {}) {
  const saved: (readonly [ShopId, readonly UserId[]])[] = [];
  const errors: unknown[] = [];
  const buffer = createInterestBuffer({
    flushMs: 1,
    batch: given.batch ?? 10,
    maxPending: given.maxPending ?? 100,
    save: async (...asked) => {
      saved.push(asked);
      await given.save?.();
    },
    onError: error => errors.push(error),
  });
  return { buffer, saved, errors };
}

it('saves each shopper once, in batches of one shop', async () => {
  const { buffer, saved } = bench({ batch: 2 });
  buffer.touch(shop, ids('a', 'b', 'a'));
  buffer.touch(toShopId('other'), ids('a'));
  buffer.touch(shop, ids('c'));
  expect(buffer.size).toBe(4);
  await buffer.flush();
  expect(saved).toEqual([
    [shop, ids('a', 'b')],
    ['other', ids('a')],
    [shop, ids('c')],
  ]);
  expect(buffer.size).toBe(0);
});

it('drops those that waited longest when too many wait', async () => {
  const { buffer, saved } = bench({ maxPending: 2 });
  buffer.touch(shop, ids('a', 'b', 'c'));
  await buffer.flush();
  expect(saved).toEqual([[shop, ids('b', 'c')]]);
});

it('reports errors and continues', async () => {
  const { buffer, saved, errors } = bench({ batch: 1, save: () => Promise.reject(new Error('down')) });
  buffer.touch(shop, ids('a', 'b'));
  await buffer.flush();
  expect(saved).toHaveLength(2);
  expect(errors).toHaveLength(2);
});

it('saves shoppers that are added during a save', async () => {
  const { buffer, saved } = bench({
    save: async () => {
      if (saved.length === 1) buffer.touch(shop, ids('late'));
    },
  });
  buffer.touch(shop, ids('early'));
  await buffer.flush();
  expect(saved.map(([, users]) => users)).toEqual([ids('early'), ids('late')]);
});
