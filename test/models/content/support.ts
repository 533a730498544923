import { content } from '../../../src/models/content/model';
import type { Scorer, ShopperHistory } from '../../../src/models/model';
import { createRng } from '../../../src/numeric/rng';
import { serialThreadPool } from '../../../src/numeric/threadPool';
import { createSnapshotBuilder } from '../../../src/snapshot/builder';
import type { ProductDocument, Snapshot } from '../../../src/snapshot/snapshot';
import { batchOf, type TestEvent } from '../../support/snapshots';

export const documentOf = (title: string, rest: Partial<ProductDocument> = {}): ProductDocument => ({
  titles: [title],
  descriptions: [],
  categoryPath: [],
  features: [],
  priceMinor: Number.NaN,
  ...rest,
});

const colours = ['red', 'blue', 'green', '黑色', '白色', 'grey'];

/**
 * Shoppers who fish buy rods and boots, two words that no title shares; shoppers who cook buy pans and
 * aprons. Ten products of each kind; the last one of each kind has no events.
 */
export function hobbies(seed = 1): Promise<Snapshot> {
  const rng = createRng(seed);
  const events: TestEvent[] = [];
  for (let user = 0; user < 80; user++) {
    for (let step = 0; step < 6; step++) {
      const kind = 2 * (user % 2) + rng.int(2);
      events.push({ user: `u${user}`, product: `${kinds[kind]}${rng.int(9)}`, at: user * 10 + step });
    }
  }
  const builder = createSnapshotBuilder({ asOf: Number.MAX_SAFE_INTEGER });
  builder.add(batchOf(events));
  for (const kind of kinds) {
    for (let index = 0; index < 10; index++) {
      builder.describe(`${kind}${index}`, documentOf(`${colours[index % 6]} ${kind}`));
    }
  }
  return builder.build();
}

const kinds = ['rod', 'boot', 'pan', 'apron'];

export async function trainedOn(
  snapshot: Snapshot,
  settings: Readonly<Record<string, number>> = {},
): Promise<Scorer<'similar' | 'admit' | 'tellLiked'>> {
  const model = content({ rank: 4, popularityWeight: 0, ...settings });
  const { signal } = new AbortController();
  const context = { seed: 1, threads: serialThreadPool({}), onProgress: () => undefined, signal };
  return model.load(await model.train(snapshot, context));
}

/** A history of equally liked products, in order. */
const historyOf = ({ products }: Scorer, ids: readonly string[]): ShopperHistory => ({
  productRows: Uint32Array.from(ids, products.rowOf),
  weights: new Float32Array(ids.length).fill(1),
  occurredAt: Float64Array.from(ids.keys()),
  now: 1e6,
});

/** Score by product id. */
export function scoresFor(scorer: Scorer, ids: readonly string[]): (id: string) => number {
  const out = new Float32Array(scorer.products.size);
  scorer.scoreInto([historyOf(scorer, ids)], out);
  return id => out[scorer.products.rowOf(id)];
}
