import type { Artifact } from '../../src/artifact/artifact';
import { modelByName } from '../../src/models/registry';
import { threadTasks } from '../../src/models/threadTasks';
import { createRng } from '../../src/numeric/rng';
import { serialThreadPool } from '../../src/numeric/threadPool';
import { snapshotOf, type TestEvent } from '../support/snapshots';
import { now, product } from './support';

/** Products of the artifact of {@link tasteArtifact}; the last ones have no events. */
export const tasteProducts = 700;

/** Shoppers of seven tastes over many products; p699 is in the catalogue only. */
function events(): TestEvent[] {
  const rng = createRng(11);
  return Array.from({ length: 6000 }, (_, at) => {
    const user = rng.int(200);
    return { user: `u${user}`, product: product(7 * rng.int(99) + (user % 7)), at: now - 6000 + at };
  });
}

/** A model whose scores are inner products. */
export async function tasteArtifact(seed = 1): Promise<Artifact> {
  const model = modelByName('collaborative', { rank: 12, epochs: 2 });
  return model.train(await snapshotOf(events()), {
    seed,
    threads: serialThreadPool(threadTasks),
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
}
