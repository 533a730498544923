import { togetherSources } from '../../../src/domain/recommendation';
import { seedDemoShop } from '../../../src/main/seedDemo';
import { baskets } from '../../../src/models/baskets/model';
import type { Snapshot } from '../../../src/snapshot/snapshot';
import { createMemoryStores } from '../../../src/store/memory/stores';
import { readSnapshot } from '../../../src/training/readSnapshot';
import { trainContext } from '../../support/scorers';

const now = Date.UTC(2026, 0, 15);
const fewEvents = 5;
const context = trainContext(1);

async function demoSnapshot(): Promise<Snapshot> {
  const stores = createMemoryStores();
  await seedDemoShop(stores, { seed: 1, scale: 1, now });
  const [{ id }] = await stores.shops.list();
  return readSnapshot(stores, id, now, context.signal);
}

/** Share of products with a few events that have complements, and sources of all pairs. */
async function coverage(snapshot: Snapshot, overrides: Readonly<Record<string, number>> = {}) {
  const { arrays } = await baskets(overrides).train(snapshot, context);
  const offsets = arrays.get('complementOffsets') ?? new Uint32Array(1);
  const events = new Uint32Array(snapshot.products.size);
  for (const row of snapshot.events.productRow) events[row]++;
  const eligible = [...events.keys()].filter(row => events[row] >= fewEvents);
  const listed = eligible.filter(row => offsets[row + 1] > offsets[row]);
  const sources = new Map<string, number>();
  for (const code of arrays.get('complementSources') ?? [])
    sources.set(togetherSources[Number(code)], (sources.get(togetherSources[Number(code)]) ?? 0) + 1);
  return {
    share: listed.length / eligible.length,
    eligible: eligible.length,
    sources: Object.fromEntries(sources),
  };
}

it('lists complements for over 80 % of products with a few events, where orders alone reach under 20 %', async () => {
  const snapshot = await demoSnapshot();
  const [orders, filled] = [await coverage(snapshot, { fillTo: 0 }), await coverage(snapshot)];
  expect(orders.share).toBeLessThan(0.2);
  expect(filled.share).toBeGreaterThan(0.8);
  expect(filled.sources['ORDER']).toBe(orders.sources['ORDER']);
});
