import { GatewayError } from '../../../src/domain/errors';
import {
  type ArtifactShelfOptions,
  createArtifactShelf,
  type Shelved,
} from '../../../src/serving/live/artifactShelf';
import { createMemoryStores } from '../../../src/store/memory/stores';
import { popularArtifact, publish, shopId } from '../support';

interface Item extends Shelved {
  readonly renewals: number;
}

function openShelf(given: Partial<ArtifactShelfOptions<Item>> = {}) {
  const stores = createMemoryStores();
  const errors: unknown[] = [];
  const shelf = createArtifactShelf<Item>({
    ...{ shopId, artifacts: stores.artifacts, holds: () => true },
    load: async record => ({ record, renewals: 0 }),
    onError: error => errors.push(error),
    ...given,
  });
  const versions = () => [...shelf.current().values()].map(({ record }) => record.version);
  return { stores, errors, shelf, versions };
}

const damage = new GatewayError('ARTIFACT_DAMAGED', 'Expected a checksum; got another. Train again.');

it('loads the live artifacts that it holds, and replaces each by its successor', async () => {
  const { stores, shelf, versions } = openShelf();
  await publish(stores, popularArtifact(), 'v1');
  expect(versions()).toEqual([]);
  await shelf.refresh();
  expect(versions()).toEqual(['v1']);
  await publish(stores, popularArtifact(), 'v2');
  await shelf.refresh();
  expect(versions()).toEqual(['v2']);
  const other = openShelf({ holds: () => false });
  await publish(other.stores, popularArtifact(), 'v1');
  await other.shelf.refresh();
  expect(other.versions()).toEqual([]);
});

it('refreshes an artifact that is still live, and loads it only once', async () => {
  const loaded: string[] = [];
  const { stores, shelf } = openShelf({
    async load(record) {
      loaded.push(record.version);
      return { record, renewals: 0 };
    },
    renew: async item => ({ ...item, renewals: item.renewals + 1 }),
  });
  await publish(stores, popularArtifact(), 'v1');
  for (let refresh = 0; refresh < 3; refresh++) await shelf.refresh();
  expect([...shelf.current().values()].map(({ renewals }) => renewals)).toEqual([2]);
  expect(loaded).toEqual(['v1']);
});

it('reports a damaged artifact once, serves the one before it, and retries on request', async () => {
  let isDamaged = false;
  const { stores, errors, shelf, versions } = openShelf({
    async load(record) {
      if (isDamaged) throw damage;
      return { record, renewals: 0 };
    },
  });
  await publish(stores, popularArtifact(), 'v1');
  await shelf.refresh();
  await publish(stores, popularArtifact(), 'v2');
  isDamaged = true;
  await shelf.refresh();
  await shelf.refresh();
  expect([versions(), errors]).toEqual([['v1'], [damage]]);
  expect([...shelf.refused().values()].map(({ record }) => record.version)).toEqual(['v2']);
  isDamaged = false;
  await shelf.refresh();
  expect(versions()).toEqual(['v1']);
  await shelf.refresh(true);
  expect([versions(), shelf.refused().size]).toEqual([['v2'], 0]);
});

it('serves the latest undamaged version at a start with a damaged live artifact, and names the damaged one', async () => {
  const damaged = new Set(['v2', 'v3']);
  const loads: string[] = [];
  const { stores, shelf, versions } = openShelf({
    async load(record) {
      loads.push(record.version);
      if (damaged.has(record.version)) throw damage;
      return { record, renewals: 0 };
    },
  });
  for (const version of ['v0', 'v1', 'v2', 'v3']) await publish(stores, popularArtifact(), version);
  await shelf.refresh();
  expect(versions()).toEqual(['v1']);
  expect([...shelf.refused().values()].map(({ record }) => record.version)).toEqual(['v3']);
  const before = loads.length;
  await shelf.refresh();
  expect([versions(), loads.length]).toEqual([['v1'], before]);
});

it('searches for undamaged versions once when there is none', async () => {
  const loads: string[] = [];
  const { stores, shelf, versions } = openShelf({
    async load(record) {
      loads.push(record.version);
      throw damage;
    },
  });
  await publish(stores, popularArtifact(), 'v1');
  await publish(stores, popularArtifact(), 'v2');
  for (let refresh = 0; refresh < 3; refresh++) await shelf.refresh();
  expect([versions(), loads]).toEqual([[], ['v2', 'v1']]);
});

it('retries an artifact that could not be read for another reason', async () => {
  let isUnavailable = true;
  const { stores, errors, shelf, versions } = openShelf({
    async load(record) {
      if (isUnavailable) throw new GatewayError('UNAVAILABLE', 'Expected a database; got none. Try again.');
      return { record, renewals: 0 };
    },
  });
  await publish(stores, popularArtifact(), 'v1');
  await shelf.refresh();
  isUnavailable = false;
  await shelf.refresh();
  expect([versions(), errors.length, shelf.refused().size]).toEqual([['v1'], 1, 0]);
});

it('calls its hooks around a refresh, also when the store fails', async () => {
  const calls: string[] = [];
  const { stores, shelf, versions } = openShelf({
    onRefresh: () => void calls.push('begin'),
    onRefreshed: () => void calls.push('end'),
    prepare(next) {
      calls.push(`prepare ${next.size}`);
      return new Map();
    },
  });
  await publish(stores, popularArtifact(), 'v1');
  await shelf.refresh();
  expect([calls, versions()]).toEqual([['begin', 'prepare 1', 'end'], []]);
  jest.spyOn(stores.artifacts, 'liveOf').mockRejectedValue(damage);
  await expect(shelf.refresh()).rejects.toBe(damage);
  expect(calls.slice(3)).toEqual(['begin', 'end']);
});

it('replaces the served artifact without a refresh', async () => {
  const { stores, shelf, versions } = openShelf();
  await publish(stores, popularArtifact(), 'v1');
  await shelf.refresh();
  const before = shelf.current();
  shelf.serve(new Map());
  expect([versions(), before.size]).toEqual([[], 1]);
});
