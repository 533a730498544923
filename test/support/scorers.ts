import type { TrainContext } from '../../src/learning/trainContext';
import { can, type ScorerCapability } from '../../src/models/capability';
import type { ModelCard, ModelOf, Scorer, ShopperHistory } from '../../src/models/model';
import { serialThreadPool, type ThreadTask } from '../../src/numeric/threadPool';
import { snapshotOf, type TestEvent } from './snapshots';

/** A context that trains on this thread. */
export const trainContext = (seed = 1, tasks: Readonly<Record<string, ThreadTask>> = {}): TrainContext => ({
  seed,
  threads: serialThreadPool(tasks),
  onProgress: () => undefined,
  signal: new AbortController().signal,
});

/** The scorer of a model trained on some events. */
export async function scorerOf<Card extends ModelCard>(
  model: ModelOf<Card>,
  events: readonly TestEvent[],
  context: TrainContext = trainContext(),
): Promise<ReturnType<ModelOf<Card>['load']>> {
  return model.load(await model.train(await snapshotOf(events), context));
}

/** The scorer, typed with a capability. @throws {Error} when it lacks it */
export function capable<C extends ScorerCapability>(scorer: Scorer, capability: C): Scorer<C> {
  if (can(scorer, capability)) return scorer;
  throw new Error(`Expected a scorer with the capability ${capability}; got one without.`);
}

/** One session: every letter is a product, a second apart, beginning `minute` minutes after the epoch. */
export const sessionOf = (user: string, products: string, minute = 0): TestEvent[] =>
  Array.from(products, (product, step) => ({ user, product, at: minute * 60_000 + step * 1000 }));

/** A history of one session: each letter is a product with one event, in order. */
export function historyOf(scorer: Scorer, products: string, weights: readonly number[] = []): ShopperHistory {
  const productRows = Uint32Array.from(products, product => scorer.products.rowOf(product));
  return {
    productRows,
    weights: Float32Array.from(productRows, (_, index) => weights[index] ?? 1),
    occurredAt: Float64Array.from(productRows, (_, index) => index * 1000),
    now: products.length * 1000,
  };
}

/** Scores by product id. */
export function scoresOf(scorer: Scorer, history: ShopperHistory): ReadonlyMap<string, number> {
  const out = new Float32Array(scorer.products.size);
  scorer.scoreInto([history], out);
  return new Map(Array.from(out, (score, row) => [scorer.products.idOf(row), score]));
}

/** Product ids, best first. */
export const orderOf = (scores: ReadonlyMap<string, number>): string =>
  [...scores]
    .toSorted(([, a], [, b]) => b - a)
    .map(([id]) => id)
    .join('');
