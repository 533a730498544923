import { decodeArtifact } from '../../../src/artifact/decode';
import { encodeArtifact } from '../../../src/artifact/encode';
import { modelByName } from '../../../src/models/registry';
import { threadTasks } from '../../../src/models/threadTasks';
import { serialThreadPool } from '../../../src/numeric/threadPool';
import { itBehavesLikeAModel } from '../../conformance/model';
import { snapshotOf, type TestEvent } from '../../support/snapshots';

itBehavesLikeAModel(() => modelByName('ensemble'), threadTasks);

const hour = 3_600_000;

/** Users who walk around a ring of products: the next product is certain, and popularity cannot predict it. */
function ringEvents(): TestEvent[] {
  const events: TestEvent[] = [];
  for (let user = 0; user < 40; user++) {
    for (let step = 0; step < 6; step++) {
      events.push({ user: `u${user}`, product: `p${(user + step) % 20}`, at: (user + step) * hour });
    }
  }
  return events;
}

const context = {
  seed: 3,
  threads: serialThreadPool(threadTasks),
  onProgress: () => undefined,
  signal: new AbortController().signal,
};

describe('the ensemble', () => {
  it('gives weight to the part that predicts the next product and none to popularity, and stores the weights in its settings', async () => {
    const model = modelByName('ensemble', { popularity: 'auto', collaborative: 0, trending: 0, markov: 0 });
    const { header, arrays } = await model.train(await snapshotOf(ringEvents()), context);
    expect(header.config['parts']).toBe('popularity,item-neighbours');
    expect(header.config['itemNeighbours']).toBeGreaterThan(0);
    expect(header.config['popularity']).toBe(0);
    expect([...arrays.keys()].filter(name => name.startsWith('popularity/'))).toEqual([]);
  });

  it('uses given weights without a trial', async () => {
    const model = modelByName('ensemble', {
      popularity: 2,
      itemNeighbours: 0.5,
      collaborative: 0,
      trending: 0,
      markov: 0,
    });
    const { arrays } = await model.train(await snapshotOf(ringEvents()), context);
    expect([...(arrays.get('weights') ?? [])]).toEqual([2, 0.5]);
  });

  it('orders products like its part when it has only one', async () => {
    const snapshot = await snapshotOf(ringEvents());
    const alone = modelByName('item-neighbours');
    const ensemble = modelByName('ensemble', { itemNeighbours: 3, collaborative: 0, trending: 0, markov: 0 });
    const trained = await ensemble.train(snapshot, context);
    const scorers = [
      alone.load(await alone.train(snapshot, context)),
      ensemble.load(await decodeArtifact(await encodeArtifact(trained))),
    ];
    const history = {
      productRows: Uint32Array.of(4, 5),
      weights: Float32Array.of(1, 1),
      occurredAt: Float64Array.of(0, hour),
      now: 2 * hour,
    };
    const orders = scorers.map(scorer => {
      const out = new Float32Array(scorer.products.size);
      scorer.scoreInto([history], out);
      return [...out.keys()].sort((a, b) => out[b] - out[a] || a - b);
    });
    expect(orders[1].slice(0, 5)).toEqual(orders[0].slice(0, 5));
  });

  it('passes settings on to its parts', async () => {
    const model = modelByName('ensemble', {
      collaborative: 0,
      trending: 0,
      markov: 0,
      itemNeighbours_neighbours: 7,
    });
    const { header } = await model.train(await snapshotOf(ringEvents()), context);
    expect(header.config['item-neighbours/neighbours']).toBe(7);
  });

  it('refuses an artifact with a part it does not know', async () => {
    const model = modelByName('ensemble', { collaborative: 0, trending: 0, markov: 0 });
    const artifact = await model.train(await snapshotOf(ringEvents()), context);
    const header = { ...artifact.header, config: { ...artifact.header.config, parts: 'oracle' } };
    expect(() => model.load({ ...artifact, header })).toThrow(/^Expected parts among /);
  });
});
