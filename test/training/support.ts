import { toEventId, toProductId, toShopId, toUserId } from '../../src/domain/ids';
import type { Interaction } from '../../src/domain/interaction';
import { trainableByName } from '../../src/main/trainables';
import type { Model } from '../../src/models/model';
import { modelByName } from '../../src/models/registry';
import { createRng } from '../../src/numeric/rng';
import { serialThreadPool } from '../../src/numeric/threadPool';
import { createMemoryStores } from '../../src/store/memory/stores';
import type { Stores } from '../../src/store/ports/stores';
import type { TrainingOptions } from '../../src/training/learner';
import { trainableModel } from '../../src/training/trainableModel';

export const shopId = toShopId('shop');
export const start = Date.UTC(2026, 0, 1);
const hour = 3_600_000;

/** Settings of a synthetic shop. */
interface Shoppers {
  readonly users: number;
  readonly events: number;
  readonly seed: number;
  /** Instant of the first events. */
  readonly from?: number;
  readonly prefix?: string;
}

/**
 * Shoppers of four tastes: each views only the twenty products of one taste, at random instants of thirty days. A model that
 * learns from co-occurrence finds them; popularity does not.
 */
export function tastefulEvents({ users, events, seed, from = start, prefix = 'e' }: Shoppers): Interaction[] {
  const rng = createRng(seed);
  return Array.from({ length: events }, (_, at) => {
    const user = rng.int(users);
    const occurredAt = from + rng.int(30 * 24) * hour;
    return {
      shopId,
      id: toEventId(`${prefix}${at}`),
      userId: toUserId(`u${user}`),
      productId: toProductId(`p${20 * (user % 4) + rng.int(20)}`),
      type: 'CLICK',
      value: null,
      priceMinor: null,
      queryText: null,
      sessionId: null,
      occurredAt,
      receivedAt: occurredAt,
      attribution: null,
    };
  });
}

/** Stores with a shop and its events. */
export async function openShop(events: readonly Interaction[]): Promise<Stores> {
  const stores = createMemoryStores();
  await stores.shops.upsert({
    id: shopId,
    name: 'Test',
    defaultLocale: 'en',
    currency: 'USD',
  });
  await stores.interactions.insertMany(events);
  return stores;
}

const itemNeighbours = modelByName('item-neighbours');

/** Loads item-neighbours with negated scores: the best product is last. */
const reversedModel: Model = {
  ...itemNeighbours,
  load(artifact) {
    const scorer = itemNeighbours.load(artifact);
    return {
      products: scorer.products,
      scoreInto(histories, out) {
        scorer.scoreInto(histories, out);
        for (const [at, score] of out.entries()) out[at] = -score;
      },
    };
  },
};

/** The registry, with one model replaced by another. */
export function withModel(model: Model): TrainingOptions['loadTrainable'] {
  const loadModel = (name: string): Model => (name === model.card.name ? model : modelByName(name));
  return name => trainableModel(loadModel(name), loadModel);
}

/** The registry with a broken item-neighbours. */
export const loadBroken = withModel(reversedModel);

/** Options of a run of item-neighbours, a month after the first events. */
export function runOptions(stores: Stores, given: Partial<TrainingOptions> = {}): TrainingOptions {
  let ids = 0;
  return {
    stores,
    loadTrainable: trainableByName,
    history: { maxEvents: 200, halfLifeDays: 30 },
    job: { shopId, runId: 'run-1', model: 'item-neighbours', seed: 1 },
    threads: serialThreadPool({}),
    clock: () => start + 90 * 24 * hour + ids,
    newId: now => `artifact-${now}-${ids++}`,
    onProgress: () => undefined,
    signal: new AbortController().signal,
    ...given,
  };
}
