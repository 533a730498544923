import { GatewayError } from '../../src/domain/errors';
import { toUserId } from '../../src/domain/ids';
import {
  type AfterPublishContext,
  type Learned,
  type PublishedInsight,
  saveNothing,
} from '../../src/insights/insight';
import type { RegisteredInsight } from '../../src/insights/registry';
import type { SettingOverrides } from '../../src/learning/settings';
import type { TrainContext } from '../../src/learning/trainContext';
import type { Snapshot } from '../../src/snapshot/snapshot';
import type { Trainable } from '../../src/training/learner';
import { runTraining } from '../../src/training/runTraining';
import { trainableInsight } from '../../src/training/trainableInsight';
import { openShop, runOptions, shopId, start, tastefulEvents } from './support';

const events = tastefulEvents({ users: 40, events: 400, seed: 1 });
const job = { shopId, runId: 'run', model: 'words', seed: 1 };

/** An insight with a known result: it counts texts. */
function counting(
  given: Partial<Pick<RegisteredInsight, 'afterPublish'>> & { readonly verdict?: Learned['verdict'] } = {},
  seen: { snapshot: Snapshot; context: TrainContext }[] = [],
): RegisteredInsight {
  return {
    card: { name: 'words', summary: 'Counts texts.', source: 'None.', needs: { events: 1, users: 1 } },
    settings: {
      depth: { meaning: 'None.', default: 1, minimum: 1, maximum: 9, isInteger: true },
    },
    load: artifact => artifact,
    threadTasks: {},
    afterPublish: given.afterPublish ?? saveNothing,
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

const loadOnly =
  (insight: RegisteredInsight, overrides: SettingOverrides = {}) =>
  (): Trainable =>
    trainableInsight(insight, overrides);

it('publishes the artifact of an insight, with its metrics and reasons, then calls afterPublish', async () => {
  const stores = await openShop(events);
  const published: (readonly [PublishedInsight, AfterPublishContext<unknown>])[] = [];
  const afterPublish: RegisteredInsight['afterPublish'] = async (...given) => void published.push(given);
  const shares: number[] = [];
  const run = await runTraining(
    runOptions(stores, {
      job,
      loadTrainable: loadOnly(counting({ afterPublish })),
      onProgress: share => shares.push(share),
    }),
  );
  expect(run).toMatchObject({ status: 'PUBLISHED', reason: 'It counts.', metrics: { texts: 0 } });
  expect(run.metrics).not.toHaveProperty('broken');
  const [live] = await stores.artifacts.liveOf(shopId);
  expect(live).toMatchObject({ id: run.artifactId, model: 'words', metrics: { texts: 0 } });
  expect(live.config).toMatchObject({ seed: 1, servedBy: 'counting' });
  const [[{ shopId: shop, version, artifact, snapshot }, context]] = published;
  expect([published.length, shop, version]).toEqual([1, shopId, live.version]);
  expect([artifact.header.model, snapshot.digest]).toEqual(['words', live.snapshotDigest]);
  expect(context).toMatchObject({ stores, history: { maxEvents: 200, halfLifeDays: 30 } });
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(shares).toContain(0.1 + 0.87 / 2);
});

it('calls afterPublish with the live artifact again when it failed the first time', async () => {
  const stores = await openShop(events);
  const versions: string[] = [];
  const runWith = (runId: string, afterPublish: RegisteredInsight['afterPublish']) =>
    runTraining(
      runOptions(stores, { job: { ...job, runId }, loadTrainable: loadOnly(counting({ afterPublish })) }),
    );
  const failing = async (): Promise<void> => {
    throw new GatewayError('UNAVAILABLE', 'Expected a database; got none. Try again.');
  };
  expect(await runWith('first', failing)).toMatchObject({ status: 'FAILED' });
  const again = await runWith('second', async ({ version }) => void versions.push(version));
  expect(again.reason).toContain('Nothing new');
  const [live] = await stores.artifacts.liveOf(shopId);
  expect([again.artifactId, versions]).toEqual([live.id, [live.version]]);
});

it('records why an insight was refused, or cancelled, and publishes nothing', async () => {
  const stores = await openShop(events);
  const refused = counting({ verdict: { passed: false, reason: 'Too few words.' } });
  const run = await runTraining(runOptions(stores, { job, loadTrainable: loadOnly(refused) }));
  expect(run).toMatchObject({ status: 'REJECTED', reason: 'Too few words.', metrics: { texts: 0 } });
  const stop = new AbortController();
  const options = runOptions(stores, {
    job: { ...job, runId: 'second' },
    loadTrainable: loadOnly(counting()),
    onProgress: () => stop.abort(),
    signal: stop.signal,
  });
  expect(await runTraining(options)).toMatchObject({ status: 'CANCELLED' });
  const needy = { ...counting(), card: { ...counting().card, needs: { events: 401, users: 1 } } };
  const third = runOptions(stores, { job: { ...job, runId: 'third' }, loadTrainable: loadOnly(needy) });
  expect(await runTraining(third)).toMatchObject({
    status: 'REJECTED',
    reason: expect.stringContaining('TRAINING_DATA_INSUFFICIENT'),
  });
  expect(await stores.artifacts.liveOf(shopId)).toEqual([]);
});

it('passes an insight the live artifact, also when a setting changed: tags keep their ids', async () => {
  const stores = await openShop(events);
  const seen: { snapshot: Snapshot; context: TrainContext }[] = [];
  const runWith = (runId: string, insight: RegisteredInsight, overrides?: SettingOverrides) =>
    runTraining(
      runOptions(stores, {
        job: { ...job, runId },
        loadTrainable: loadOnly(insight, overrides),
        newId: () => runId,
      }),
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
  await runWith('third', counting({}, seen), { depth: 2 });
  expect(seen.map(({ context }) => context.previous?.arrays.get('count')?.[0])).toEqual([undefined, 0, 1]);
});
