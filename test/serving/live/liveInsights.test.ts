import type { Artifact } from '../../../src/artifact/artifact';
import { GatewayError } from '../../../src/domain/errors';
import { createInsightShelf, type ServedInsight } from '../../../src/serving/live/liveInsights';
import { createMemoryStores } from '../../../src/store/memory/stores';
import { popularArtifact, publish, shopId } from '../support';

const artifact = (model: string, value: number): Artifact => ({
  header: { model, config: {}, snapshotDigest: 'd'.repeat(64), asOf: 0, seed: 1 },
  arrays: new Map([['value', Float64Array.of(value)]]),
});

/** Reads the single number; a negative one counts as damage. */
function readValue({ arrays }: Artifact): number {
  const [value] = arrays.get('value') ?? [];
  if (value >= 0) return value;
  throw new GatewayError('ARTIFACT_DAMAGED', 'Expected a number from 0; got another. Train again.');
}

const readerOf = (name: string): ServedInsight => ({
  card: { name, summary: '', source: '', needs: { events: 0, users: 0 } },
  load: readValue,
});

function openShelf() {
  const stores = createMemoryStores();
  const errors: unknown[] = [];
  const shelf = createInsightShelf({
    ...{ shopId, artifacts: stores.artifacts, insights: ['words', 'deeds'].map(readerOf) },
    onError: error => errors.push(error),
  });
  const readings = () =>
    Array.from(shelf.current().values(), ({ record, reading }) => [record.model, record.version, reading]);
  return { stores, errors, shelf, readings };
}

it('serves the latest artifact of each insight, and no models', async () => {
  const { stores, shelf, readings } = openShelf();
  await publish(stores, artifact('words', 1), 'v1');
  await publish(stores, artifact('deeds', 2), 'v1');
  await publish(stores, popularArtifact(), 'v1');
  expect(readings()).toEqual([]);
  await shelf.refresh();
  expect(readings().sort()).toEqual([
    ['deeds', 'v1', 2],
    ['words', 'v1', 1],
  ]);
  const before = shelf.current();
  await publish(stores, artifact('words', 3), 'v2');
  await shelf.refresh();
  expect(readings()).toContainEqual(['words', 'v2', 3]);
  expect(shelf.current().get('deeds')).toBe(before.get('deeds'));
  // Readers taken before the refresh keep the old artifacts.
  expect(before.get('words')?.reading).toBe(1);
});

it('reports a damaged artifact once, and serves the one before it', async () => {
  const { stores, shelf, errors, readings } = openShelf();
  await publish(stores, artifact('words', 1), 'v1');
  await shelf.refresh();
  await publish(stores, artifact('words', -1), 'v2');
  await shelf.refresh();
  await shelf.refresh();
  expect(readings()).toEqual([['words', 'v1', 1]]);
  expect(shelf.refused().get('words')?.record.version).toBe('v2');
  expect(errors).toEqual([expect.objectContaining({ code: 'ARTIFACT_DAMAGED' })]);
  await publish(stores, artifact('words', 2), 'v3');
  await shelf.refresh();
  expect([readings(), shelf.refused().size]).toEqual([[['words', 'v3', 2]], 0]);
});
