// The figures of the shop task against a computation by its definition, on a small seeded shop.
import { answererOf, evaluateQuestions } from '../../../src/evaluation/evaluation';
import { popularityBaseline, shopBaselines } from '../../../src/evaluation/shop/shopBaselines';
import { columnFiguresOf, type ShopColumn, shopColumns } from '../../../src/evaluation/shop/shopQuestions';
import { type ShopTask, shopTaskOf } from '../../../src/evaluation/shop/shopTask';
import type { Scorer } from '../../../src/models/model';
import { randomShop } from '../../support/randomShop';
import { snapshotOf, type TestEvent } from '../../support/snapshots';

const events = randomShop({ users: 120, orders: 1000, products: 60, seed: 7 });
const cutoff = 20;

/** The instant that at least nine tenths of the events are not after. */
const times = events.map(({ at }) => at ?? 0).sort((a, b) => a - b);
const cut = times[Math.ceil(times.length * 0.9) - 1];

const usersOf = (given: readonly TestEvent[]): readonly string[] =>
  [...new Set(given.map(({ user }) => user))].sort();
const productsOf = (given: readonly TestEvent[]): Set<string> =>
  new Set(given.map(({ product }) => `${product}`));
const before = events.filter(({ at = 0 }) => at <= cut);
const after = events.filter(({ at = 0 }) => at > cut);
const catalogue = [...productsOf(events)];
const purchasesOf = (given: readonly TestEvent[], user?: string): readonly TestEvent[] =>
  given.filter(event => event.type === 'PURCHASE' && (user === undefined || event.user === user));

/** Products that each shopper bought before the cut. */
const baskets = new Map(usersOf(events).map(user => [user, productsOf(purchasesOf(before, user))]));
const buyersOfAll = (products: readonly string[]): number =>
  [...baskets.values()].filter(own => products.every(product => own.has(product))).length;
const buyersOf = (product: string): number => buyersOfAll([product]);
const ordersOf = (user: string, product: string): number =>
  new Set(
    purchasesOf(before, user)
      .filter(event => event.product === product)
      .map(({ at }) => at),
  ).size;

function cosineOf(user: string, product: string): number {
  const others = [...(baskets.get(user) ?? [])].filter(other => other !== product);
  return others.reduce((sum, other) => {
    const length = Math.sqrt(buyersOf(product) * buyersOf(other));
    return sum + buyersOfAll([product, other]) / (length + 100);
  }, 0);
}

const scoreBy: Readonly<Record<string, (user: string, product: string) => number>> = {
  'baseline-popularity': (_, product) => buyersOf(product),
  'baseline-own-frequency': (user, product) => ordersOf(user, product) + buyersOf(product) / 1000,
  'baseline-cosine': (user, product) => Math.round(cosineOf(user, product) * 1e5),
};

interface Asked {
  readonly relevant: ReadonlySet<string>;
  readonly ranked: readonly string[];
}

/** What the definition of a column says about one shopper. */
function askedOf(user: string, column: ShopColumn): Asked {
  const chosen = productsOf(purchasesOf(after, user));
  const met = productsOf(before.filter(event => event.user === user));
  const bought = productsOf(purchasesOf(before, user));
  const keep = (isKept: (product: string) => boolean): ReadonlySet<string> =>
    new Set([...chosen].filter(isKept));
  if (column === 'all') return { relevant: chosen, ranked: catalogue };
  if (column === 'new')
    return { relevant: keep(id => !met.has(id)), ranked: catalogue.filter(id => !met.has(id)) };
  return { relevant: keep(id => bought.has(id)), ranked: [...bought] };
}

/** Expected ndcg@20 and recall@20, place by place: the chance that a place holds a right product. */
function expectedFigures(
  { relevant, ranked }: Asked,
  score: (product: string) => number,
): readonly [number, number] {
  const own = new Map(ranked.map(product => [product, score(product)]));
  const scores = [...own.values()].sort((a, b) => b - a);
  let [gain, hits, ideal] = [0, 0, 0];
  for (let place = 0; place < Math.min(cutoff, scores.length); place++) {
    const tied = ranked.filter(id => own.get(id) === scores[place]);
    const chance = tied.filter(id => relevant.has(id)).length / tied.length;
    gain += chance / Math.log2(place + 2);
    hits += chance;
  }
  for (let place = 0; place < Math.min(cutoff, relevant.size); place++) ideal += 1 / Math.log2(place + 2);
  return [gain / ideal, hits / relevant.size];
}

function byDefinition(column: ShopColumn, score: (user: string, product: string) => number) {
  const known = new Set(before.map(({ user }) => user));
  const figures = usersOf(events)
    .filter(user => known.has(user) && askedOf(user, column).relevant.size > 0)
    .map(user => expectedFigures(askedOf(user, column), product => score(user, product)));
  const meanOf = (at: 0 | 1): number => figures.reduce((sum, own) => sum + own[at], 0) / figures.length;
  return { shoppers: figures.length, ndcg: meanOf(0), recall: meanOf(1) };
}

let task: ShopTask;
beforeAll(async () => {
  task = await shopTaskOf(await snapshotOf(events), 'test');
});

async function columnsBy(scorer: Scorer, { questions }: ShopTask) {
  const evaluation = await evaluateQuestions(questions, answererOf(scorer, questions));
  return (column: ShopColumn) => columnFiguresOf(questions, evaluation, column);
}

describe('the shop task', () => {
  it('cuts at one instant and asks for purchases', () => {
    expect(task.asks).toBe('purchases');
    expect(task.train.asOf).toBe(cut);
    expect(task.train.events.length).toBe(before.length);
  });

  it.each(shopBaselines('purchases').map(baseline => [baseline.name, baseline] as const))(
    'gives %s the figures of the definition in every column',
    async (name, baseline) => {
      const figuresOf = await columnsBy(baseline.scorer(task.train, 1), task);
      for (const column of shopColumns) {
        const { measurement } = figuresOf(column);
        const { shoppers, ndcg, recall } = byDefinition(column, scoreBy[name]);
        expect(shoppers).toBeGreaterThan(10);
        expect(measurement.userRows.length).toBe(shoppers);
        expect(measurement.means['ndcg@20']).toBeCloseTo(ndcg, 6);
        expect(measurement.means['recall@20']).toBeCloseTo(recall, 6);
      }
    },
  );

  it('scores a shopper once for all columns', async () => {
    let histories = 0;
    const { products } = task.train;
    const counting: Scorer = {
      products,
      scoreInto(given, out) {
        histories += given.length;
        out.fill(0);
      },
    };
    await columnsBy(counting, task);
    const shoppers = new Set(task.questions.shoppers).size;
    expect(task.questions.userRows.length).toBeGreaterThan(2 * shoppers);
    expect(histories).toBe(shoppers);
  });

  it('gives every column its own coverage', async () => {
    const { products } = task.train;
    const first: Scorer = {
      products,
      scoreInto: (_, out) => out.set(out.map((_score, at) => -(at % products.size))),
    };
    const figuresOf = await columnsBy(first, task);
    expect(figuresOf('all').coverage).toBeCloseTo(cutoff / catalogue.length, 10);
    expect(figuresOf('new').coverage).toBeGreaterThan(figuresOf('all').coverage);
  });

  it('asks with validation about the time before the test part only', async () => {
    const validation = await shopTaskOf(await snapshotOf(events), 'validation');
    expect(validation.snapshot.asOf).toBe(cut);
    expect(validation.train.asOf).toBeLessThan(cut);
    expect(validation.snapshot.events.length).toBe(before.length);
  });

  it('asks the shoppers with the lowest rows when limited', async () => {
    const few = await shopTaskOf(await snapshotOf(events), 'test', 5);
    const rows = [...new Set(few.questions.shoppers)];
    expect(rows).toEqual([...new Set(task.questions.shoppers)].slice(0, 5));
  });
});

describe('a shop where few shoppers buy', () => {
  const views = events.map(({ user, product, at = 0 }, index): TestEvent => {
    const type = index === events.length - 1 ? 'PURCHASE' : 'VIEW';
    return { user, product, at, type };
  });

  it('asks for everything liked, and for products met before', async () => {
    const asked = await shopTaskOf(await snapshotOf(views), 'test');
    expect(asked.asks).toBe('liked');
    const { scorer } =
      shopBaselines('liked').find(({ name }) => name === popularityBaseline) ?? shopBaselines('liked')[0];
    const figuresOf = await columnsBy(scorer(asked.train, 1), asked);
    const met = (user: string): Set<string> => productsOf(before.filter(event => event.user === user));
    const shoppers = usersOf(before).filter(user =>
      after.some(event => event.user === user && met(user).has(`${event.product}`)),
    );
    expect(figuresOf('repeat').measurement.userRows.length).toBe(shoppers.length);
  });
});
