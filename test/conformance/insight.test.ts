import { arrayOf } from '../../src/artifact/arrayOf';
import type { Artifact, ArtifactArray } from '../../src/artifact/artifact';
import { GatewayError } from '../../src/domain/errors';
import { toUserId } from '../../src/domain/ids';
import type { PublishedInsight } from '../../src/insights/insight';
import type { RegisteredInsight } from '../../src/insights/registry';
import { checkCancelled } from '../../src/learning/cancelled';
import { checkNeeds } from '../../src/learning/needs';
import { type SettingOverrides, settingValuesOf } from '../../src/learning/settings';
import type { TrainContext } from '../../src/learning/trainContext';
import { threadTasks as modelTasks } from '../../src/models/threadTasks';
import { preferencesOf } from '../../src/snapshot/preferences';
import type { Snapshot } from '../../src/snapshot/snapshot';
import { privateWord } from '../support/insightSnapshots';
import { insightPromises, type Subject } from './insight';

const settings = {
  power: { meaning: 'Exponent of the sums.', default: 1, minimum: 1, maximum: 3, isInteger: true },
};
const card = {
  name: 'event-sums',
  summary: 'Sums of products.',
  source: 'This test.',
  needs: { events: 10, users: 2 },
};

/** What `learn` of the sound insight is made of: broken ones replace parts. */
const parts = {
  valuesOf: (overrides?: SettingOverrides) => settingValuesOf(settings, overrides),
  checkNeeds: (snapshot: Snapshot) => checkNeeds(card, snapshot, preferencesOf(snapshot)),
  checkCancelled,
  task: 'eventSums.sum',
  /** Called with every learned array. */
  change: (_sums: Float64Array, _context: TrainContext): void => undefined,
  touch: (_snapshot: Snapshot, _context: TrainContext): void => undefined,
  header: {} as Partial<Artifact['header']>,
  extra: (_snapshot: Snapshot): readonly (readonly [string, Uint8Array])[] => [],
  metrics: { total: 1 } as Readonly<Record<string, number | string>>,
  reason: 'It adds up.',
  progress: [
    [1, 2],
    [2, 2],
  ],
};

const idsOf = (products: Snapshot['products']): Uint8Array =>
  new TextEncoder().encode(
    JSON.stringify(Array.from({ length: products.size }, (_, row) => products.idOf(row))),
  );

/** Adds up rows of events by product, on a thread; small enough to be broken in one place at a time. */
function insightOf(
  given: Partial<typeof parts> = {},
  more: Partial<RegisteredInsight> = {},
): RegisteredInsight {
  const used = { ...parts, ...given };
  return {
    card,
    settings,
    async learn(snapshot, context, overrides) {
      const { power } = used.valuesOf(overrides);
      used.checkCancelled(context);
      used.checkNeeds(snapshot);
      const [counts] = await context.threads.run(used.task, [
        { rows: snapshot.events.productRow, size: snapshot.products.size },
      ]);
      const sums = (counts as Float64Array).map(count => count ** power);
      for (const [done, total] of used.progress) {
        context.onProgress(done, total);
        used.checkCancelled(context);
      }
      used.change(sums, context);
      used.touch(snapshot, context);
      const { digest: snapshotDigest, asOf } = snapshot;
      const header = { model: card.name, config: { power }, snapshotDigest, asOf, seed: context.seed };
      return {
        artifact: {
          header: { ...header, ...used.header },
          arrays: new Map<string, ArtifactArray>([
            ['sums', sums],
            ['ids', idsOf(snapshot.products)],
            ...used.extra(snapshot),
          ]),
        },
        metrics: used.metrics,
        verdict: { passed: true, reason: used.reason },
      };
    },
    load(artifact) {
      const text = new TextDecoder().decode(arrayOf(artifact, 'ids', Uint8Array, null));
      if (!text.endsWith(']'))
        throw new GatewayError('ARTIFACT_DAMAGED', 'Expected ids; got others. Train again.');
      const ids = JSON.parse(text) as string[];
      return { ids, sums: arrayOf(artifact, 'sums', Float64Array, ids.length) };
    },
    threadTasks: {
      'eventSums.sum': payload => {
        const { rows, size } = payload as unknown as { rows: Uint32Array; size: number };
        const sums = new Float64Array(size);
        for (const row of rows) sums[row]++;
        return sums;
      },
    },
    afterPublish: async ({ shopId, version, readAt }, { stores }) => {
      await stores.interests.saveTags(shopId, [], version, readAt);
    },
    ...more,
  };
}

const subjectOf = (insight: RegisteredInsight): Subject => ({
  insight,
  overrides: { power: 2 },
  otherOverrides: { power: 3 },
  ask: reading => {
    const { ids, sums } = reading as { ids: readonly string[]; sums: Float64Array };
    return [ids, [...sums]];
  },
});

const sound = insightOf();
let calls = 0;
const neverCancelled = (): void => undefined;

/** Broken insights by the promise that they must fail. */
const broken: readonly (readonly [string, string, RegisteredInsight])[] = [
  [
    'has a card with a kebab-case name, a summary, a source and what it needs',
    'a name in capitals',
    insightOf({}, { card: { ...card, name: 'EventSums' } }),
  ],
  [
    'has a card with a kebab-case name, a summary, a source and what it needs',
    'no needs',
    insightOf({}, { card: { ...card, needs: { events: 0, users: 0 } } }),
  ],
  [
    'has settings with a meaning, limits and a default within them',
    'a default out of range',
    insightOf({}, { settings: { power: { ...settings.power, default: 9 } } }),
  ],
  [
    'refuses a setting that it does not have, and values out of range',
    'one that takes any',
    insightOf({ valuesOf: overrides => ({ power: Number(overrides?.['power'] ?? 1) }) }),
  ],
  [
    'gives equal bytes for an equal snapshot, seed, settings and previous artifact',
    'one that differs from run to run',
    insightOf({
      change(sums) {
        sums[0] += calls++;
      },
    }),
  ],
  [
    'gives equal bytes for an equal snapshot, seed, settings and previous artifact',
    'one that differs from run to run when it starts from a previous artifact',
    insightOf({
      change(sums, { previous }) {
        if (previous) sums[0] += calls++;
      },
    }),
  ],
  [
    'takes a previous artifact that was learned with other settings and another seed',
    'one that requires its own settings',
    insightOf({
      touch(_, { previous }) {
        if (previous && previous.header.config['power'] !== 2) throw new RangeError('other settings');
      },
    }),
  ],
  [
    'gives equal bytes for any number of threads, and on other threads',
    'one that adds the number of threads',
    insightOf({
      change(sums, { threads }) {
        sums[0] += threads.size;
      },
    }),
  ],
  [
    'posts exactly the thread tasks that it registers, under names that no other task has',
    'one that registers nothing',
    insightOf({}, { threadTasks: {} }),
  ],
  [
    'posts exactly the thread tasks that it registers, under names that no other task has',
    'one with a task that it never posts',
    insightOf({}, { threadTasks: { ...sound.threadTasks, 'eventSums.idle': () => null } }),
  ],
  [
    'posts exactly the thread tasks that it registers, under names that no other task has',
    'one with the name of a task of a model',
    insightOf(
      { task: Object.keys(modelTasks)[0] },
      { threadTasks: { [Object.keys(modelTasks)[0]]: sound.threadTasks['eventSums.sum'] } },
    ),
  ],
  [
    'writes into the header what it was trained on and how',
    'another seed',
    insightOf({ header: { seed: 8 } }),
  ],
  [
    'writes into the header what it was trained on and how',
    'no settings',
    insightOf({ header: { config: {} } }),
  ],
  [
    'writes into the header what it was trained on and how',
    'another digest',
    insightOf({ header: { snapshotDigest: '' } }),
  ],
  [
    'keeps no user id, and no text that only one shopper wrote, in its artifact',
    'one that keeps user ids',
    insightOf({ extra: ({ users }) => [['users', new TextEncoder().encode(users.idOf(0))]] }),
  ],
  [
    'keeps no user id, and no text that only one shopper wrote, in its artifact',
    'one that keeps texts',
    insightOf({ extra: () => [['texts', new TextEncoder().encode(privateWord)]] }),
  ],
  [
    'reports figures or words, and a verdict with a reason',
    'NaN',
    insightOf({ metrics: { total: Number.NaN } }),
  ],
  ['reports figures or words, and a verdict with a reason', 'no reason', insightOf({ reason: '' })],
  [
    'reports progress that never falls and does not exceed the total',
    'progress over the total',
    insightOf({ progress: [[3, 2]] }),
  ],
  ['reports progress that never falls and does not exceed the total', 'none', insightOf({ progress: [] })],
  [
    'reads alike after encoding and decoding',
    'one with state outside its artifact',
    insightOf(
      {},
      {
        load: artifact => ({
          ids: [],
          sums: (sound.load(artifact) as { sums: Float64Array }).sums.map(() => calls++),
        }),
      },
    ),
  ],
  [
    'refuses an artifact with arrays missing, of a wrong length or class, or not finite',
    'one that loads anything',
    insightOf({}, { load: () => ({}) }),
  ],
  [
    'refuses a snapshot with less than its card needs',
    'one that learns from nothing',
    insightOf({ checkNeeds: () => undefined }),
  ],
  [
    'stops when cancelled, before it begins and half-way',
    'one that ignores the signal',
    insightOf({ checkCancelled: neverCancelled }),
  ],
  [
    'leaves the snapshot and the previous artifact as they were',
    'one that writes into the snapshot',
    insightOf({
      touch(snapshot) {
        snapshot.events.value[0] = 99;
      },
    }),
  ],
  [
    'leaves the snapshot and the previous artifact as they were',
    'one that writes into the previous artifact',
    insightOf({ touch: (_, { previous }) => void previous?.arrays.get('sums')?.fill(0) }),
  ],
  [
    'saves the same rows when afterPublish is called again',
    'one that counts its calls',
    insightOf(
      {},
      {
        afterPublish: async ({ shopId, readAt }: PublishedInsight, { stores }) =>
          await stores.interests.saveTags(shopId, [], `v${calls++}`, readAt),
      },
    ),
  ],
  [
    'lets a failure of the store fail afterPublish',
    'one that continues without the store',
    insightOf(
      {},
      {
        afterPublish: async ({ shopId }, { stores }) =>
          void (await stores.users.consentsOf(shopId, [toUserId('a')]).catch(() => null)),
      },
    ),
  ],
];

describe('the promises of an insight', () => {
  it('each have a broken insight that must fail them', () => {
    const covered = new Set(broken.map(([promise]) => promise));
    expect([...covered].sort()).toEqual(insightPromises.map(promise => promise.name).sort());
  });

  it.each(broken)('"%s" catches %s', async (name, _stub, insight) => {
    const promise = insightPromises.find(candidate => candidate.name === name);
    expect(await promise?.failures(subjectOf(insight))).not.toEqual([]);
  });

  it('none catches a sound insight', async () => {
    const failures = await Promise.all(insightPromises.map(promise => promise.failures(subjectOf(sound))));
    expect(failures.flat()).toEqual([]);
  });
});
