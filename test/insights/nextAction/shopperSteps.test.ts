import { toEventId, toProductId, toShopId, toUserId } from '../../../src/domain/ids';
import { type Interaction, interactionTypes } from '../../../src/domain/interaction';
import type { Product } from '../../../src/domain/product';
import { createShopperSteps } from '../../../src/insights/nextAction/shopperSteps';
import { emptyStep, readStepInto, stepColumnsOf, writeStep } from '../../../src/insights/nextAction/step';
import { actionStepsOf } from '../../../src/insights/nextAction/steps';
import { actionVocabularyOf } from '../../../src/insights/nextAction/vocabulary';
import { createRng } from '../../../src/numeric/rng';
import { compareEvents } from '../../../src/snapshot/eventOrder';
import { createMemoryStores } from '../../../src/store/memory/stores';
import { readSnapshot } from '../../../src/training/readSnapshot';

const shopId = toShopId('shop');
const userId = toUserId('ann');
const start = Date.UTC(2026, 0, 1, 10);
const minute = 60_000;
const { signal } = new AbortController();

/** Events of every type, in sessions with and without a name, with pauses, some at equal instants. */
function randomEvents(seed: number, count: number): readonly Interaction[] {
  const rng = createRng(seed);
  let at = start;
  return Array.from({ length: count }, (_, index) => {
    at += [0, 1, 5, 29, 31, 600][rng.int(6)] * minute;
    const type = interactionTypes[rng.int(interactionTypes.length)];
    const isBare = type === 'SEARCH' && rng.int(2) === 0;
    return {
      ...{ shopId, userId, id: toEventId(`e${index}`), type, occurredAt: at, receivedAt: at },
      productId: isBare ? null : toProductId(`p${rng.int(5)}`),
      value: type === 'CART_ADD' ? 1 + rng.int(3) : null,
      priceMinor: null,
      queryText: type === 'SEARCH' ? `words ${rng.int(3)}` : null,
      sessionId: [null, 's-1', 's-2'][rng.int(3)],
      attribution: null,
    };
  });
}

async function shopOf(events: readonly Interaction[]) {
  const stores = createMemoryStores();
  const ids = Array.from({ length: 5 }, (_, row) => toProductId(`p${row}`));
  const described = ids
    .slice(0, 4)
    .map((id, row) => ({ id, title: id, categoryPath: ['Home', `c${row % 2}`], priceMinor: 100 * 3 ** row }));
  await stores.products.upsertMany(shopId, described, start);
  await stores.interactions.insertMany(events);
  const snapshot = await readSnapshot(stores, shopId, Number.MAX_SAFE_INTEGER / 2, signal);
  return {
    snapshot,
    products: (await stores.products.findMany(shopId, ids)) as ReadonlyMap<string, Product>,
  };
}

it.each([1, 2, 3, 4, 5, 6])('takes the same steps as training (seed %i)', async seed => {
  const events = randomEvents(seed, 120);
  // A snapshot ends at its last event, so later searches are left out of it.
  const last = { ...events[events.length - 1], type: 'VIEW' as const, productId: toProductId('p0') };
  const all = [...events.slice(0, -1), { ...last, queryText: null, occurredAt: last.occurredAt + minute }];
  const { snapshot, products } = await shopOf(all);
  const vocabulary = actionVocabularyOf(snapshot, Number.POSITIVE_INFINITY, 10);
  const learned = actionStepsOf(snapshot, vocabulary);
  const take = createShopperSteps(vocabulary);
  const [column, taken, expected] = [stepColumnsOf(1), emptyStep(), emptyStep()];
  const sorted = all.toSorted(compareEvents);
  expect(learned.length).toBe(sorted.length);
  for (const [index, event] of sorted.entries()) {
    readStepInto(learned.columns, index, expected);
    // Columns round fractions to whole numbers.
    const product = event.productId === null ? undefined : products.get(event.productId);
    writeStep(column, 0, take(event, product) ?? emptyStep());
    readStepInto(column, 0, taken);
    expect(taken).toEqual(expected);
  }
});
