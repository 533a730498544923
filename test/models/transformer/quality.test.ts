import type { TrainContext } from '../../../src/learning/trainContext';
import { transformer } from '../../../src/models/transformer/model';
import { transformerTasks } from '../../../src/models/transformer/step';
import { createRng } from '../../../src/numeric/rng';
import { serialThreadPool } from '../../../src/numeric/threadPool';
import { snapshotOf, type TestEvent } from '../../support/snapshots';

const context: TrainContext = {
  seed: 1,
  threads: serialThreadPool(transformerTasks),
  onProgress: () => undefined,
  signal: new AbortController().signal,
};

/** Lanes of products; after one product, all products of the next lane are equally likely unless the one before is known. */
const [lanes, perLane] = [6, 8];
const productId = (lane: number, place: number): string => `p${lane * perLane + place}`;

/**
 * Walks along the lanes in which the place in the next lane is the sum of the last two places, so that the
 * next product depends on two. After any single product, all eight of the next lane are equally likely.
 * Popularity is therefore right at rank 1 in 1 of 48 cases, and a first-order model in 1 of 8.
 */
function orderTwoWalks(users: number): { readonly events: TestEvent[]; readonly last: readonly string[][] } {
  const rng = createRng(5);
  const events: TestEvent[] = [];
  const last: string[][] = [];
  for (let user = 0; user < users; user++) {
    const places = [rng.int(perLane), rng.int(perLane)];
    for (let step = 2; step < lanes; step++) places.push((places[step - 1] + places[step - 2]) % perLane);
    const walk = places.map((place, lane) => productId(lane, place));
    last.push(walk);
    for (const [at, product] of walk.entries()) events.push({ user: `u${user}`, product, at });
  }
  return { events, last };
}

it('learns a next product that depends on two products and on neither alone', async () => {
  const { events, last } = orderTwoWalks(600);
  const model = transformer({ rank: 32, epochs: 40, dropout: 0.05, learningRate: 0.004 });
  const scorer = model.load(await model.train(await snapshotOf(events), context));
  const out = new Float32Array(scorer.products.size);
  let hits = 0;
  for (const walk of last.slice(0, 64)) {
    const rows = walk.slice(0, 4).map(product => scorer.products.rowOf(product));
    scorer.scoreInto(
      [
        {
          productRows: Uint32Array.from(rows),
          weights: new Float32Array(4).fill(1),
          occurredAt: Float64Array.of(0, 1, 2, 3),
          now: 4,
        },
      ],
      out,
    );
    if (out.indexOf(Math.max(...out)) === scorer.products.rowOf(walk[4])) hits++;
  }
  // A first-order model reaches 1/8.
  expect(hits / 64).toBeGreaterThan(0.5);
});
