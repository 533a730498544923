import { toUserId } from '../../../src/domain/ids';
import { defaultModels, modelByName } from '../../../src/models/registry';
import { openReadingShop } from '../readingShop';
import { interaction, product, request } from '../support';

/** The default models that learn from other events than purchases: nothing was bought. */
const models = defaultModels
  .filter(name => name !== 'baskets' && name !== 'buy-again')
  .map(name => modelByName(name));

it('makes a personal list from the first click, with the default models', async () => {
  const { stores, recommender, errors } = await openReadingShop(models);
  const names = models.map(({ card }) => card.name);
  for (const [user, liked] of [
    ['tea lover', 8],
    ['builder', 9],
  ] as const) {
    const userId = toUserId(user);
    expect((await recommender.recommend(request({ userId }))).degraded).toBe('COLD_START');
    await stores.interactions.insertMany([interaction(user, user, product(liked), 'CLICK')]);
    const { degraded, items, strategy } = await recommender.recommend(request({ userId, first: 8 }));
    expect(degraded).toBeNull();
    expect(names).toContain(strategy);
    expect(items.every(item => item.source === 'MODEL')).toBe(true);
    const alike = items.filter(item => Number(item.productId.slice(1)) % 2 === liked % 2);
    expect(alike.length).toBeGreaterThan(6);
  }
  await recommender.stop();
  expect(errors).toEqual([]);
});
