import type { Artifact } from '../../../src/artifact/artifact';
import { content } from '../../../src/models/content/model';
import { createRng } from '../../../src/numeric/rng';
import { serialThreadPool } from '../../../src/numeric/threadPool';
import { createSnapshotBuilder } from '../../../src/snapshot/builder';
import type { Snapshot } from '../../../src/snapshot/snapshot';
import { batchOf, type TestEvent } from '../../support/snapshots';
import { documentOf, hobbies } from './support';

/** Titles are drawn, and everybody buys by popularity alone: the product of place n with a probability like 1/n. */
function tastelessShop(): Promise<Snapshot> {
  const rng = createRng(6);
  const words = Array.from({ length: 40 }, (_, index) => `word${index}`);
  const events: TestEvent[] = [];
  for (let step = 0; step < 8; step++) {
    for (let user = 0; user < 200; user++) {
      const product = `p${Math.floor(300 ** rng.uniform()) - 1}`;
      events.push({ user: `u${user}`, product, at: 1e6 + (step * 200 + user) * 3_600_000 });
    }
  }
  const builder = createSnapshotBuilder({ asOf: Number.MAX_SAFE_INTEGER });
  builder.add(batchOf(events));
  for (let product = 0; product < 300; product++)
    builder.describe(`p${product}`, documentOf(`${words[rng.int(40)]} ${words[rng.int(40)]}`));
  return builder.build();
}

async function weightChosen(snapshot: Snapshot, measured?: Artifact): Promise<unknown> {
  const { signal } = new AbortController();
  const context = { seed: 1, threads: serialThreadPool({}), onProgress: () => undefined, signal };
  const artifact = await content({ rank: 8 }).train(snapshot, { ...context, ...(measured && { measured }) });
  return artifact.header.config['popularityWeight'];
}

it('lets popularity count where words say less than it', async () => {
  expect(await weightChosen(await tastelessShop())).toBeGreaterThan(0);
});

it('leaves it to the words where they say more', async () => {
  expect(await weightChosen(await hobbies())).toBe(0);
});

it('keeps what a training on a part of the data chose', async () => {
  const header = { model: 'content', config: { popularityWeight: 3 }, snapshotDigest: '', asOf: 0, seed: 1 };
  expect(await weightChosen(await hobbies(), { header, arrays: new Map() })).toBe(3);
});
