import { GatewayError } from '../../src/domain/errors';
import { toUserId } from '../../src/domain/ids';
import type { Insight, Learned } from '../../src/insights/insight';
import type { TrainContext } from '../../src/learning/trainContext';
import type { Snapshot } from '../../src/snapshot/snapshot';
import type { Published } from '../../src/training/learner';
import { runTraining } from '../../src/training/runTraining';
import { openShop, runOptions, shopId, start, tastefulEvents } from './support';

const events = tastefulEvents({ users: 40, events: 400, seed: 1 });
const job = { shopId, runId: 'run', model: 'words', seed: 1 };

/** An insight of which the working is known: it counts texts. */
function counting(
  given: { readonly verdict?: Learned['verdict']; readonly settings?: Insight['settings'] } = {},
  seen: { snapshot: Snapshot; context: TrainContext }[] = [],
): Insight {
  return {
    card: { name: 'words', summary: 'Counts texts.', source: 'None.', needs: { events: 1, users: 1 } },
    settings: given.settings ?? { depth: 1 },
    async learn(snapshot, context) {
      seen.push({ snapshot, context });
      context.onProgress(1, 2);
      if (context.signal.aborted)
        throw new GatewayError('CANCELLED', 'Expected to go on; got cancelled. Again.');
      return {
        artifact: {
          header: {
            model: 'words',
            config: {},
            snapshotDigest: snapshot.digest,
            asOf: snapshot.asOf,
            seed: context.seed,
          },
          arrays: new Map([['count', Float64Array.of(snapshot.texts?.length ?? 0)]]),
        },
        metrics: { texts: snapshot.texts?.length ?? 0, broken: Number.NaN, servedBy: 'counting' },
        verdict: given.verdict ?? { passed: true, reason: 'It counts.' },
      };
    },
  };
}

const loadOnly = (insight: Insight) => (name: string) => (name === insight.card.name ? insight : null);

it('publishes what an insight learned, with its figures and words, and tells of it', async () => {
  const stores = await openShop(events);
  const told: Published[] = [];
  const shares: number[] = [];
  const run = await runTraining(
    runOptions(stores, {
      job,
      loadInsight: loadOnly(counting()),
      onPublished: async published => void told.push(published),
      onProgress: share => shares.push(share),
    }),
  );
  expect(run).toMatchObject({ status: 'PUBLISHED', reason: 'It counts.', metrics: { texts: 0 } });
  expect(run.metrics).not.toHaveProperty('broken');
  const [live] = await stores.artifacts.liveOf(shopId);
  expect(live).toMatchObject({ id: run.artifactId, model: 'words', metrics: { texts: 0 } });
  expect(live.config).toMatchObject({ seed: 1, servedBy: 'counting' });
  expect(
    told.map(({ record, artifact, snapshot }) => [record.id, artifact.header.model, snapshot.digest]),
  ).toEqual([[live.id, 'words', live.snapshotDigest]]);
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(shares).toContain(0.1 + 0.87 / 2);
});

it('tells of what is live again when saving beside it failed the first time', async () => {
  const stores = await openShop(events);
  const told: string[] = [];
  const runWith = (runId: string, onPublished: (published: Published) => Promise<void>) =>
    runTraining(
      runOptions(stores, { job: { ...job, runId }, loadInsight: loadOnly(counting()), onPublished }),
    );
  const failing = async (): Promise<void> => {
    throw new GatewayError('UNAVAILABLE', 'Expected a database; got none. Try again.');
  };
  expect(await runWith('first', failing)).toMatchObject({ status: 'FAILED' });
  const again = await runWith('second', async ({ record }) => void told.push(record.id));
  expect(again.reason).toContain('Nothing new');
  expect(told).toEqual([again.artifactId]);
});

it('records why an insight was refused, or cancelled, and publishes nothing', async () => {
  const stores = await openShop(events);
  const refused = counting({ verdict: { passed: false, reason: 'Too few words.' } });
  const run = await runTraining(runOptions(stores, { job, loadInsight: loadOnly(refused) }));
  expect(run).toMatchObject({ status: 'REJECTED', reason: 'Too few words.', metrics: { texts: 0 } });
  const stop = new AbortController();
  const options = runOptions(stores, {
    job: { ...job, runId: 'second' },
    loadInsight: loadOnly(counting()),
    onProgress: () => stop.abort(),
    signal: stop.signal,
  });
  expect(await runTraining(options)).toMatchObject({ status: 'CANCELLED' });
  const needy = { ...counting(), card: { ...counting().card, needs: { events: 401, users: 1 } } };
  const third = runOptions(stores, { job: { ...job, runId: 'third' }, loadInsight: loadOnly(needy) });
  expect(await runTraining(third)).toMatchObject({
    status: 'REJECTED',
    reason: expect.stringContaining('TRAINING_DATA_INSUFFICIENT'),
  });
  expect(await stores.artifacts.liveOf(shopId)).toEqual([]);
});

it('gives an insight what is live, also when a setting changed: tags keep their ids', async () => {
  const stores = await openShop(events);
  const seen: { snapshot: Snapshot; context: TrainContext }[] = [];
  const runWith = (runId: string, insight: Insight) =>
    runTraining(
      runOptions(stores, { job: { ...job, runId }, loadInsight: loadOnly(insight), newId: () => runId }),
    );
  await runWith('first', counting({}, seen));
  expect((await runWith('same', counting({}, seen))).reason).toContain('Nothing new');
  await stores.social.upsertPosts(shopId, [
    { id: 'p', authorId: toUserId('u1'), body: '好', locale: null, productIds: [], occurredAt: start },
  ]);
  expect(await runWith('second', counting({}, seen))).toMatchObject({
    artifactId: 'second',
    metrics: { texts: 1 },
  });
  await runWith('third', counting({ settings: { depth: 2 } }, seen));
  expect(seen.map(({ context }) => context.previous?.arrays.get('count')?.[0])).toEqual([undefined, 0, 1]);
});

it('goes by the name: what is no insight is a model', async () => {
  const stores = await openShop(events);
  const options = runOptions(stores, {
    job: { ...job, model: 'popularity' },
    loadInsight: loadOnly(counting()),
  });
  expect(await runTraining(options)).toMatchObject({ status: 'PUBLISHED', model: 'popularity' });
});
