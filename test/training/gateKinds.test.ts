// Each kind of model is compared with the simplest answer to what it serves.
import { toEventId, toProductId, toUserId } from '../../src/domain/ids';
import type { Interaction } from '../../src/domain/interaction';
import { can } from '../../src/models/capability';
import type { Model, Scorer } from '../../src/models/model';
import { modelByName } from '../../src/models/registry';
import { createRng } from '../../src/numeric/rng';
import type { TrainingRunRecord } from '../../src/store/ports/trainingRun';
import { runTraining } from '../../src/training/runTraining';
import { openShop, runOptions, shopId, start, withModel } from './support';

const hour = 3_600_000;
/** Pairs of products of each of the four tastes. */
const pairsOfTaste = 25;

/**
 * Orders of 150 shoppers over ninety days. Two products that go together are in each order. Half of the orders repeat a pair that
 * the shopper bought before; the others are of the shopper's taste.
 */
function ordersOf(count: number, seed: number): Interaction[] {
  const rng = createRng(seed);
  const known = new Map<number, number[]>();
  return Array.from({ length: count }, (_, order) => {
    const user = rng.int(150);
    const own = known.get(user) ?? [];
    known.set(user, own);
    const isRepeat = own.length > 0 && rng.int(2) === 0;
    const pair = isRepeat ? own[rng.int(own.length)] : pairsOfTaste * (user % 4) + rng.int(pairsOfTaste);
    own.push(pair);
    const occurredAt = start + order * Math.floor((90 * 24 * hour) / count);
    return [0, 1].map(side => ({
      shopId,
      id: toEventId(`e${order}-${side}`),
      userId: toUserId(`u${user}`),
      productId: toProductId(`p${2 * pair + side}`),
      type: 'PURCHASE' as const,
      value: null,
      priceMinor: null,
      queryText: null,
      sessionId: null,
      occurredAt,
      receivedAt: occurredAt,
      attribution: null,
    }));
  }).flat();
}

const events = ordersOf(2_400, 4);

/** A scorer with all scores negated: the best product is last, also after those without a score. */
function reversed(scorer: Scorer): Scorer {
  const negate = (out: Float32Array): void => {
    for (const [at, score] of out.entries()) out[at] = Number.isNaN(score) ? 1 : -score;
  };
  return {
    ...scorer,
    scoreInto(histories, out) {
      scorer.scoreInto(histories, out);
      negate(out);
    },
    ...(can(scorer, 'complements') && {
      scoreCartInto(rows: Uint32Array, out: Float32Array) {
        scorer.scoreCartInto(rows, out);
        negate(out);
      },
    }),
  };
}

/** The model with another scorer. */
const withScorer = (model: Model, change: (scorer: Scorer) => Scorer): Model => ({
  ...model,
  load: artifact => change(model.load(artifact)),
});

async function runOf(model: Model, given: readonly Interaction[] = events): Promise<TrainingRunRecord> {
  const stores = await openShop(given);
  const job = { shopId, runId: 'r', model: model.card.name, seed: 1 };
  return runTraining(runOptions(stores, { job, loadTrainable: withModel(model) }));
}

describe('baskets', () => {
  it('are published when they complete orders better than popularity', async () => {
    const run = await runOf(modelByName('baskets'));
    expect(run.reason).toMatch(/^Beats popularity on the rest of an order: ndcg@20 .* over \d+ carts\.$/);
    expect(run.status).toBe('PUBLISHED');
    expect(run.metrics?.['ndcg@20']).toBeGreaterThan(0.5);
    expect(run.metrics?.['baseline:ndcg@20']).toBeLessThan(0.2);
    expect(run.metrics?.['carts']).toBeGreaterThan(100);
  });

  it('are refused when they do not', async () => {
    const run = await runOf(withScorer(modelByName('baskets'), reversed));
    expect(run.reason).toMatch(/^Does not beat popularity on the rest of an order: /);
    expect(run.status).toBe('REJECTED');
  });
});

describe('buy-again', () => {
  it('is published when it ranks repeats no worse than the shopper’s own frequency', async () => {
    const run = await runOf(modelByName('buy-again'));
    expect(run.reason).toMatch(/^No worse than own frequency on products bought again: .* shoppers\.$/);
    expect(run.status).toBe('PUBLISHED');
    expect(run.metrics?.['baseline:ndcg@20']).toBeGreaterThan(0.3);
  });

  it('is refused when it is worse', async () => {
    const run = await runOf(withScorer(modelByName('buy-again'), reversed));
    expect(run.reason).toMatch(/^Worse than own frequency on products bought again: /);
    expect(run.status).toBe('REJECTED');
  });

  it('is compared with popularity in a shop without repeats, which has none to tell', async () => {
    const seen = new Set<string>();
    const first = events.filter(({ userId, productId }) => {
      const key = `${userId} ${productId}`;
      return !seen.has(key) && seen.add(key);
    });
    const run = await runOf(modelByName('buy-again'), first);
    expect(run.reason).toMatch(/^Does not beat popularity on products new to the shopper/);
    expect(run.status).toBe('REJECTED');
  });
});

describe('a model of both, for lists that mix repeats with new products', () => {
  const neighbours = modelByName('item-neighbours');
  /** Neighbours that claim to know repeats. @param perOrder - score of a product per order of it */
  const mixed = (perOrder: number): Model =>
    withScorer(neighbours, scorer => {
      const due = { dueInto: () => undefined, isRepeated: () => true, firstPurchaseOf: () => 0 };
      return {
        ...scorer,
        ...due,
        scoreInto(histories, out) {
          scorer.scoreInto(histories, out);
          for (const [at, { productRows, purchases }] of histories.entries())
            for (const [entry, row] of productRows.entries())
              out[at * scorer.products.size + row] = perOrder * (purchases?.orders[entry] ?? 0);
        },
      };
    });

  it('is compared on new products with popularity, and on everything with own frequency', async () => {
    const { status, reason, metrics } = await runOf(mixed(100));
    expect(status).toBe('PUBLISHED');
    expect(reason).toMatch(
      /^Beats popularity on products new to the shopper: .* No worse than own frequency on everything bought next: /,
    );
    expect(metrics?.['all:ndcg@20']).toBeGreaterThanOrEqual(metrics?.['all:baseline:ndcg@20'] ?? 1);
  });

  it('is refused when it hides what shoppers buy again', async () => {
    const { status, reason } = await runOf(mixed(-100));
    expect(reason).toMatch(/^Worse than own frequency on everything bought next: /);
    expect(status).toBe('REJECTED');
  });
});
