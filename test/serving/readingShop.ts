import { toProductId } from '../../src/domain/ids';
import { content } from '../../src/models/content/model';
import type { Model } from '../../src/models/model';
import { threadTasks } from '../../src/models/threadTasks';
import { createRng } from '../../src/numeric/rng';
import type { ServingConfig } from '../../src/serving/live/config';
import type { ProductUpsert } from '../../src/store/ports/product';
import type { Stores } from '../../src/store/ports/stores';
import { readSnapshot } from '../../src/training/readSnapshot';
import { trainContext } from '../support/scorers';
import { interaction, now, openTestShop, product, publish, shopId, type TestShop } from './support';

const words = [
  ['green tea', '绿茶 茶叶', 'teapot'],
  ['steel hammer', '工具 锤子', 'nails'],
];

/** A product about tea (kind 0) or tools (kind 1). */
export const described = (id: string, kind: number, row: number): ProductUpsert => ({
  id: toProductId(id),
  title: words[kind][row % 3],
  description: `${words[kind][(row + 1) % 3]} number ${row}`,
});

/** A tea that is created after the training. */
export const arrival = { ...described('arrival', 0, 76), title: 'Green tea 绿茶, first flush' };

/** Trains models on the data of the stores, and publishes them. */
export async function trainAndPublish(
  stores: Stores,
  models: readonly Model[],
  version: string,
): Promise<void> {
  const context = trainContext(1, threadTasks);
  const snapshot = await readSnapshot(stores, shopId, now, context.signal);
  for (const model of models) await publish(stores, await model.train(snapshot, context), version);
}

/**
 * Twenty products about tea (even rows) and twenty about tools, forty shoppers of one taste each (even ones like tea),
 * and models trained on that.
 */
export async function openReadingShop(
  models: readonly Model[] = [content({ rank: 4 })],
  config: Partial<ServingConfig> = {},
): Promise<TestShop> {
  const shop = await openTestShop(config);
  const { stores } = shop;
  const products = Array.from({ length: 40 }, (_, row) => described(product(row), row % 2, row >> 1));
  await stores.products.upsertMany(shopId, products, now - 1e8);
  const rng = createRng(5);
  const events = Array.from({ length: 400 }, (_, at) => {
    const user = at % 40;
    const liked = product(2 * rng.int(20) + (user % 2));
    return interaction(`e${at}`, `u${user}`, liked, 'VIEW', now - 1e7 + at);
  });
  await stores.interactions.insertMany(events);
  await trainAndPublish(stores, models, 'v1');
  await shop.recommender.start();
  return shop;
}
