import { decodeArtifact } from '../../../src/artifact/decode';
import { encodeArtifact } from '../../../src/artifact/encode';
import type { OtherModel } from '../../../src/learning/trainContext';
import { can } from '../../../src/models/capability';
import { trialOf } from '../../../src/models/ensemble/trial';
import { modelByName } from '../../../src/models/registry';
import { threadTasks } from '../../../src/models/threadTasks';
import { createRng } from '../../../src/numeric/rng';
import { serialThreadPool } from '../../../src/numeric/threadPool';
import { chooseHeldOut } from '../../../src/training/chooseHeldOut';
import { defaultTrainingConfig } from '../../../src/training/config';
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

const partNames = [
  'popularity',
  'trending',
  'itemNeighbours',
  'collaborative',
  'markov',
  'content',
  'buyAgain',
] as const;

/** Settings in which only some parts take part. */
const only = (...names: readonly (typeof partNames)[number][]): Record<string, number | string> =>
  Object.fromEntries(partNames.map(name => [name, names.includes(name) ? 'auto' : 0]));

const context = {
  seed: 3,
  threads: serialThreadPool(threadTasks),
  onProgress: () => undefined,
  signal: new AbortController().signal,
};

describe('the ensemble', () => {
  it('gives weight to the part that predicts the next product and none to popularity, and stores the weights in its settings', async () => {
    const model = modelByName('ensemble', only('popularity', 'itemNeighbours'));
    const { header, arrays } = await model.train(await snapshotOf(ringEvents()), context);
    expect(header.config['parts']).toBe('popularity,item-neighbours');
    expect(header.config['itemNeighbours']).toBeGreaterThan(0);
    expect(header.config['popularity']).toBe(0);
    expect([...arrays.keys()].filter(name => name.startsWith('popularity/'))).toEqual([]);
  });

  it('uses given weights without a trial', async () => {
    const model = modelByName('ensemble', { ...only(), popularity: 2, itemNeighbours: 0.5 });
    const { arrays } = await model.train(await snapshotOf(ringEvents()), context);
    expect([...(arrays.get('weights') ?? [])]).toEqual([2, 0.5]);
  });

  it('orders products like its part when it has only one', async () => {
    const snapshot = await snapshotOf(ringEvents());
    const alone = modelByName('item-neighbours');
    const ensemble = modelByName('ensemble', { ...only(), itemNeighbours: 3 });
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
    const model = modelByName('ensemble', { ...only('itemNeighbours'), itemNeighbours_neighbours: 7 });
    const { header } = await model.train(await snapshotOf(ringEvents()), context);
    expect(header.config['item-neighbours/neighbours']).toBe(7);
  });

  it('refuses an artifact with a part it does not know', async () => {
    const model = modelByName('ensemble', only('itemNeighbours'));
    const artifact = await model.train(await snapshotOf(ringEvents()), context);
    const header = { ...artifact.header, config: { ...artifact.header.config, parts: 'oracle' } };
    expect(() => model.load({ ...artifact, header })).toThrow(/^Expected parts among /);
  });

  it('loads an artifact of a version without repeats', async () => {
    const model = modelByName('ensemble', only('itemNeighbours'));
    const { header, arrays } = await model.train(await snapshotOf(ringEvents()), context);
    const former = { header, arrays: new Map([...arrays].filter(([name]) => name !== 'blend')) };
    expect(header.config['repeats']).toBeUndefined();
    expect(can(model.load(former), 'buyAgain')).toBe(false);
  });
});

const day = 24 * hour;
const start = Date.UTC(2026, 0, 1);

/** Shoppers who buy the same three products every week, and now and then what sells best. */
function weeklyEvents(): TestEvent[] {
  const rng = createRng(5);
  const events: TestEvent[] = [];
  for (let user = 0; user < 60; user++) {
    for (let week = 0; week < 10; week++) {
      const at = start + week * 7 * day + user * hour;
      for (let own = 0; own < 3; own++) {
        if (rng.uniform() < 0.7)
          events.push({ user: `u${user}`, product: `p${(7 * user + own) % 40}`, at, type: 'PURCHASE' });
      }
      const best = Math.floor(12 * rng.uniform() ** 3);
      events.push({ user: `u${user}`, product: `best${best}`, at, type: 'PURCHASE' });
    }
  }
  return events;
}

/** Shoppers who choose among all products by how well these sell. */
function popularEvents(seed = 9): TestEvent[] {
  const rng = createRng(seed);
  const events: TestEvent[] = [];
  for (let user = 0; user < 80; user++) {
    for (let step = 0; step < 8; step++) {
      const product = Math.floor(60 * rng.uniform() ** 4);
      events.push({ user: `u${user}`, product: `p${product}`, at: start + (step * 80 + user) * hour });
    }
  }
  return events;
}

describe('the trial of the ensemble', () => {
  it.each([
    ['a cut by time', popularEvents(), 'time'],
    ['the last orders where few discover anything later', weeklyEvents(), 'leave-last-out'],
    [
      'the last orders where times are places in the list of each shopper',
      popularEvents().map(event => ({ ...event, at: Math.floor(((event.at ?? 0) - start) / (80 * hour)) })),
      'leave-last-out',
    ],
    ['drawn products without order', ringEvents().map(event => ({ ...event, at: 0 })), 'drawn'],
  ])('holds out what the gate holds out: %s', async (_, events, protocol) => {
    const snapshot = await snapshotOf(events);
    const { heldOutShare } = defaultTrainingConfig;
    const trial = await trialOf(snapshot, heldOutShare, 3);
    const chosen = await chooseHeldOut(snapshot, null, defaultTrainingConfig, 3);
    expect(trial.split.train.digest).toBe(chosen.split.train.digest);
    expect(trial.split.heldOut).toEqual(chosen.split.heldOut);
    expect([trial.protocol, chosen.protocol]).toEqual([protocol, protocol]);
  });

  it('says that the same list for every shopper is best where shoppers have no tastes', async () => {
    const model = modelByName('ensemble', only('popularity', 'itemNeighbours', 'collaborative'));
    const { header } = await model.train(await snapshotOf(popularEvents()), context);
    expect(header.config['reason']).toMatch(
      /^Best in the trial: the same list for every shopper, popularity\./,
    );
    expect([header.config['popularity'], header.config['collaborative']]).toEqual([1, 0]);
  });

  it('says so in most of several shops without tastes', async () => {
    const model = modelByName('ensemble', only('popularity', 'itemNeighbours', 'collaborative'));
    const configs = await Promise.all(
      [10, 11, 12, 13, 14, 15].map(
        async seed => (await model.train(await snapshotOf(popularEvents(seed)), context)).header.config,
      ),
    );
    // By chance neighbours, which fall back to popularity, can be the best part; a sum of parts is never better by more than noise.
    const popular = configs.filter(({ reason }) =>
      String(reason).startsWith('Best in the trial: the same list for every shopper, popularity.'),
    );
    const sums = configs.filter(({ reason }) => String(reason).startsWith('Best in the trial: the sum of'));
    expect(popular.length).toBeGreaterThanOrEqual(4);
    expect(sums).toEqual([]);
    for (const config of popular) expect([config['popularity'], config['collaborative']]).toEqual([1, 0]);
  });

  it('says which parts it sums, or which one is best alone', async () => {
    const model = modelByName('ensemble', only('popularity', 'itemNeighbours'));
    const { header } = await model.train(await snapshotOf(ringEvents()), context);
    expect(header.config['reason']).toMatch(/^Best in the trial: .*item-neighbours/);
  });

  it('lists repeats where shoppers buy again, with a part that tells them, also after the artifact is stored', async () => {
    const model = modelByName('ensemble', only('popularity', 'itemNeighbours', 'buyAgain'));
    const trained = await model.train(await snapshotOf(weeklyEvents()), context);
    expect(trained.header.config['repeats']).toBe('buy-again');
    const scorer = model.load(await decodeArtifact(await encodeArtifact(trained)));
    expect(can(scorer, 'buyAgain')).toBe(true);
  });
});

describe('the second training of a run', () => {
  const parts = only('popularity', 'itemNeighbours');

  it('keeps what the measured training chose, without a trial of its own', async () => {
    const model = modelByName('ensemble', parts);
    const snapshot = await snapshotOf(ringEvents());
    const first = await model.train(snapshot, context);
    const weights = Float64Array.of(0.35, 2);
    const header = { ...first.header, config: { ...first.header.config, reason: 'As before.' } };
    const measured = { header, arrays: new Map([...first.arrays, ['weights', weights]]) };
    const { arrays, header: second } = await model.train(snapshot, { ...context, measured });
    expect([...(arrays.get('weights') ?? [])]).toEqual([0.35, 2]);
    expect(second.config['reason']).toBe('As before.');
    expect(arrays.get('popularity/scores')).toBeDefined();
  });

  it('keeps the scale of repeats', async () => {
    const model = modelByName('ensemble', only('popularity', 'itemNeighbours', 'buyAgain'));
    const snapshot = await snapshotOf(weeklyEvents());
    const measured = await model.train(snapshot, context);
    const { arrays, header } = await model.train(snapshot, { ...context, measured });
    expect(header.config['repeats']).toBe('buy-again');
    expect(arrays.get('blend')).toEqual(measured.arrays.get('blend'));
  });

  it('tries again where the measured one had other parts', async () => {
    const snapshot = await snapshotOf(ringEvents());
    const measured = await modelByName('ensemble', only('popularity')).train(snapshot, context);
    const { header } = await modelByName('ensemble', parts).train(snapshot, { ...context, measured });
    expect(header.config['itemNeighbours']).toBeGreaterThan(0);
  });

  it('takes a part that is published of the same data and settings, and trains it otherwise', async () => {
    const snapshot = await snapshotOf(ringEvents());
    const published = await modelByName('item-neighbours').train(snapshot, context);
    const marked = { ...published, header: { ...published.header, config: { mark: 'published' } } };
    const asked: unknown[] = [];
    const publishedOf = async (other: OtherModel, digest: string) => {
      asked.push(other);
      return other.name === 'item-neighbours' && digest === snapshot.digest ? marked : null;
    };
    const model = modelByName('ensemble', { ...only('itemNeighbours'), itemNeighbours_neighbours: 7 });
    const { header } = await model.train(snapshot, { ...context, publishedOf });
    expect(header.config['item-neighbours/mark']).toBe('published');
    expect(asked).toContainEqual({
      name: 'item-neighbours',
      settings: expect.objectContaining({ neighbours: 7 }),
    });
  });
});

it('stops in the choice of weights when the training is called off', async () => {
  const stop = new AbortController();
  const onProgress = (done: number, total: number): void => {
    if (done / total > 0.52) stop.abort();
  };
  const model = modelByName('ensemble', only('popularity', 'itemNeighbours'));
  const training = model.train(await snapshotOf(popularEvents()), {
    ...context,
    onProgress,
    signal: stop.signal,
  });
  await expect(training).rejects.toMatchObject({ code: 'CANCELLED' });
});

describe('the scale of an ensemble', () => {
  const model = modelByName('ensemble', only('popularity', 'itemNeighbours', 'buyAgain'));

  it('loads from an artifact of a version without levels and revisits', async () => {
    const { header, arrays } = await model.train(await snapshotOf(weeklyEvents()), context);
    const former = { header, arrays: new Map([...arrays, ['blend', Float64Array.of(-6, 0.3)]]) };
    const now = { header, arrays: new Map([...arrays, ['blend', Float64Array.of(-6, 0.3, 0)]]) };
    const history = {
      productRows: Uint32Array.of(4, 5),
      weights: Float32Array.of(1, 1),
      occurredAt: Float64Array.of(0, hour),
      now: 2 * hour,
    };
    const [before, after] = [former, now].map(artifact => {
      const scorer = model.load(artifact);
      const out = new Float32Array(scorer.products.size);
      scorer.scoreInto([history], out);
      return out;
    });
    expect(before).toEqual(after);
  });

  it('ranks what was met by the part that the artifact names, also in a second training', async () => {
    const snapshot = await snapshotOf(weeklyEvents());
    const { header, arrays } = await model.train(snapshot, context);
    const named = { header: { ...header, config: { ...header.config, met: 'buy-again' } }, arrays };
    const stored = await decodeArtifact(await encodeArtifact(named));
    const second = await model.train(snapshot, { ...context, measured: stored });
    expect(second.header.config['met']).toBe('buy-again');
    const alone = modelByName('buy-again').load(await modelByName('buy-again').train(snapshot, context));
    const history = {
      productRows: Uint32Array.of(4, 5),
      weights: Float32Array.of(1, 3),
      occurredAt: Float64Array.of(0, hour),
      now: 2 * hour,
    };
    const [own, ensemble] = [alone, model.load(second)].map(scorer => {
      const out = new Float32Array(scorer.products.size);
      scorer.scoreInto([history], out);
      return out;
    });
    expect(ensemble[4] > ensemble[5]).toBe(own[4] > own[5]);
    const unknown = { ...header, config: { ...header.config, met: 'oracle' } };
    expect(() => model.load({ header: unknown, arrays })).toThrow(
      /^Expected the part that ranks what was met/,
    );
  });

  it('refuses an artifact with revisits of another kind', async () => {
    const { header, arrays } = await model.train(await snapshotOf(weeklyEvents()), context);
    const damaged = { ...header, config: { ...header.config, revisits: 'everything' } };
    expect(() => model.load({ header: damaged, arrays })).toThrow(/^Expected revisits of viewed or met/);
  });
});
