import { toEventId, toProductId, toUserId } from '../../src/domain/ids';
import type { Interaction } from '../../src/domain/interaction';
import { threadTasks } from '../../src/models/threadTasks';
import { createRng, type Rng } from '../../src/numeric/rng';
import { serialThreadPool } from '../../src/numeric/threadPool';
import { runTraining } from '../../src/training/runTraining';
import { openShop, runOptions, shopId, start } from './support';

const day = 86_400_000;

/** Products bought at one instant, by their numbers. */
interface Order {
  readonly user: number;
  readonly products: readonly number[];
  readonly at: number;
}

/** The lines of orders as events; `nameOf` names a product by its number. */
function linesOf(orders: readonly Order[], nameOf: (product: number) => string): Interaction[] {
  return orders.flatMap(({ user, products, at }) =>
    products.map(product => ({
      shopId,
      id: toEventId(`o${user}-${at}-${nameOf(product)}`),
      userId: toUserId(`u${user}`),
      productId: toProductId(nameOf(product)),
      type: 'PURCHASE' as const,
      value: null,
      priceMinor: null,
      queryText: null,
      sessionId: null,
      occurredAt: at,
      receivedAt: at,
      attribution: null,
    })),
  );
}

const ascending = (product: number): string => `p${String(product).padStart(2, '0')}`;
const descending = (product: number): string => ascending(79 - product);

/** `count` products drawn from [first, first + products). */
const draw = (rng: Rng, first: number, products: number, count: number): number[] =>
  rng.shuffle(Array.from({ length: products }, (_, product) => first + product)).slice(0, count);

/** 300 shoppers with ten of 40 products each, drawn: there is nothing to learn. */
function noise(seed: number, instantOf: (line: number) => number): Order[] {
  const rng = createRng(seed);
  return Array.from({ length: 300 }, (_, user) =>
    draw(rng, 0, 40, 10).map((product, line) => ({ user, products: [product], at: start + instantOf(line) })),
  ).flat();
}

const oneOrder = (): number => 0;
const twoOrders = (line: number): number => (line < 5 ? 0 : day);
const oneByOne = (line: number): number => line * 60_000;

/** Shoppers who bought three products of one shelf, and each day later three of the next. Which ones of a shelf is random. */
function shelves(seed: number): Order[] {
  const rng = createRng(seed);
  const shelf = (number: number): number[] => draw(rng, 10 * (number % 8), 10, 3);
  return Array.from({ length: 150 }, (_, user) => {
    const [first, from] = [rng.int(8), rng.int(30)];
    return Array.from({ length: 5 }, (_unused, visit) => {
      return { user, products: shelf(first + visit), at: start + (from + visit) * day };
    });
  }).flat();
}

async function trained(events: readonly Interaction[], model: string) {
  const stores = await openShop(events);
  const job = { shopId, runId: 'run', model, seed: 1 };
  return runTraining(runOptions(stores, { job, threads: serialThreadPool(threadTasks) }));
}

const counting = ['item-neighbours', 'collaborative', 'markov', 'session-neighbours', 'ensemble'];
const networks = ['gru', 'two-tower', 'transformer'];

describe('noise', () => {
  it.each([
    ['a single order', oneOrder],
    ['two orders', twoOrders],
    ['no two lines at one instant', oneByOne],
  ])('with %s per shopper teaches no model more than popularity', async (_, instantOf) => {
    for (const model of counting) {
      const run = await trained(linesOf(noise(5, instantOf), ascending), model);
      expect([model, run.status]).toEqual([model, 'REJECTED']);
      expect(run.reason).toContain('Does not beat popularity');
    }
  });

  it('in orders teaches networks nothing either', async () => {
    for (const model of networks) {
      const run = await trained(linesOf(noise(6, twoOrders), ascending), model);
      expect([model, run.status]).toEqual([model, 'REJECTED']);
      expect(run.reason).toContain('Does not beat popularity');
    }
  }, 120_000);
});

describe('what one order says about the next', () => {
  const published = async (model: string, nameOf: (product: number) => string): Promise<number> => {
    const run = await trained(linesOf(shelves(3), nameOf), model);
    expect([model, run.status, run.reason]).toEqual([
      model,
      'PUBLISHED',
      expect.stringContaining('Beats popularity'),
    ]);
    return run.metrics?.['ndcg@20'] ?? 0;
  };

  it('is learned by counts, with figures that do not depend on how products are called', async () => {
    const figures = [await published('markov', ascending), await published('markov', descending)];
    // Both are means over the same users; the sequence within their orders is drawn anew.
    expect(Math.abs(figures[0] - figures[1])).toBeLessThan(0.03);
  });

  it.each(['gru', 'transformer'])(
    'is learned by %s',
    async model => {
      await published(model, descending);
    },
    60_000,
  );
});
