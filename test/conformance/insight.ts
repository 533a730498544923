import { decodeArtifact } from '../../src/artifact/decode';
import { encodeArtifact } from '../../src/artifact/encode';
import { type ErrorCode, GatewayError } from '../../src/domain/errors';
import { toShopId } from '../../src/domain/ids';
import type { Learned } from '../../src/insights/insight';
import { type InsightStores, insights, type RegisteredInsight } from '../../src/insights/registry';
import { isChoice, type Setting, type SettingOverrides } from '../../src/learning/settings';
import type { TrainContext } from '../../src/learning/trainContext';
import { learningTasks } from '../../src/learning/update';
import { threadTasks as modelTasks } from '../../src/models/threadTasks';
import { serialThreadPool, type ThreadPool } from '../../src/numeric/threadPool';
import type { Snapshot } from '../../src/snapshot/snapshot';
import { createMemoryStores } from '../../src/store/memory/stores';
import { insightSnapshot, privateWord, userMark } from '../support/insightSnapshots';
import { snapshotOf } from '../support/snapshots';
import { damagesOf } from './damages';

/** What is wrong with an insight; empty when nothing is. */
export type Failures = readonly string[];

/** An insight under test. */
export interface Subject {
  readonly insight: RegisteredInsight;
  /** Settings that make learning fast. */
  readonly overrides: SettingOverrides;
  /** Other settings, under which a previous artifact may have been learned. */
  readonly otherOverrides: SettingOverrides;
  /** Returns values that depend on everything in a reading; compared after loading an artifact again. */
  readonly ask: (reading: unknown) => Promise<unknown> | unknown;
  /** Arrays that `load` does without when they are missing. */
  readonly optionalArrays?: readonly string[];
  /** Another pool that runs the insight's tasks, such as one of real threads. */
  readonly pool?: () => ThreadPool;
}

/** One promise. */
export interface Promised {
  readonly name: string;
  failures(subject: Subject): Promise<Failures>;
}

const seed = 7;

const contextOf = ({ threadTasks }: RegisteredInsight, more: Partial<TrainContext> = {}): TrainContext => ({
  seed,
  threads: serialThreadPool(threadTasks),
  onProgress: () => undefined,
  signal: new AbortController().signal,
  ...more,
});

async function learn(subject: Subject, more: Partial<TrainContext> = {}): Promise<Learned> {
  const { insight, overrides } = subject;
  return await insight.learn(await insightSnapshot(), contextOf(insight, more), overrides);
}

const bytesOf = async ({ artifact }: Learned): Promise<Buffer> => Buffer.from(await encodeArtifact(artifact));

async function codeOf(work: () => unknown): Promise<ErrorCode | string> {
  try {
    await work();
    return 'nothing thrown';
  } catch (error) {
    return error instanceof GatewayError ? error.code : `another error: ${String(error)}`;
  }
}

const expectCode = (expected: ErrorCode, got: string, what = ''): Failures =>
  got === expected ? [] : [`${what}expected ${expected}; got ${got}`];

const hasCardAsData: Promised = {
  name: 'has a card with a kebab-case name, a summary, a source and what it needs',
  async failures({ insight: { card } }) {
    const failures: string[] = [];
    if (!/^[a-z]+(-[a-z]+)*$/.test(card.name)) failures.push(`name is ${card.name}`);
    if (!/^[A-Z].+\.$/s.test(card.summary)) failures.push('summary is not a sentence');
    if (card.source.trim() === '') failures.push('source is empty');
    const counts = Object.values(card.needs).filter(need => typeof need === 'number');
    if (!counts.every(count => Number.isInteger(count) && count >= 0) || !counts.some(count => count > 0))
      failures.push(`needs are ${JSON.stringify(card.needs)}`);
    return failures;
  },
};

function isWithinLimits(setting: Setting): boolean {
  if (isChoice(setting)) return setting.choices.includes(setting.default);
  const { default: usual, minimum, maximum, isInteger, auto } = setting;
  const isOrdered = usual === auto || (minimum <= usual && usual <= maximum);
  return isOrdered && (!isInteger || [minimum, usual, maximum].every(Number.isInteger));
}

/** Values that a setting must refuse. */
const refusedBy = (setting: Setting): readonly (string | number)[] =>
  isChoice(setting)
    ? ['no such choice']
    : [setting.minimum - 1, setting.maximum + 1].filter(value => value !== setting.auto);

const hasSettingsInRange: Promised = {
  name: 'has settings with a meaning, limits and a default within them',
  async failures({ insight: { settings } }) {
    return Object.entries(settings).flatMap(([name, setting]) => {
      const isNamed = /^[a-z][A-Za-z0-9]*$/.test(name) && setting.meaning.trim() !== '';
      return isNamed && isWithinLimits(setting) ? [] : [`${name} is ${JSON.stringify(setting)}`];
    });
  },
};

const refusesOtherSettings: Promised = {
  name: 'refuses a setting that it does not have, and values out of range',
  async failures({ insight }) {
    const snapshot = await insightSnapshot();
    const codeWith = (overrides: SettingOverrides): Promise<string> =>
      codeOf(() => insight.learn(snapshot, contextOf(insight), overrides));
    const outside = Object.entries(insight.settings).flatMap(([name, setting]) =>
      refusedBy(setting).map(value => ({ [name]: value })),
    );
    const codes = [{ noSuchSetting: 1 }, ...outside].map(async overrides =>
      expectCode('BAD_USER_INPUT', await codeWith(overrides), `${JSON.stringify(overrides)}: `),
    );
    return (await Promise.all(codes)).flat();
  },
};

const givesEqualBytes: Promised = {
  name: 'gives equal bytes for an equal snapshot, seed, settings and previous artifact',
  async failures(subject) {
    const first = await learn(subject);
    const failures = (await bytesOf(first)).equals(await bytesOf(await learn(subject)))
      ? []
      : ['two trainings gave different bytes'];
    const previous = await decodeArtifact(await encodeArtifact(first.artifact));
    const [again, same] = [await learn(subject, { previous }), await learn(subject, { previous })];
    const isEqual = (await bytesOf(again)).equals(await bytesOf(same));
    return isEqual
      ? failures
      : [...failures, 'two trainings from one previous artifact gave different bytes'];
  },
};

const learnsFromOtherSettings: Promised = {
  name: 'takes a previous artifact that was learned with other settings and another seed',
  async failures(subject) {
    const { artifact: previous } = await learn(
      { ...subject, overrides: subject.otherOverrides },
      { seed: 8 },
    );
    const code = await codeOf(() => learn(subject, { previous }));
    return code === 'nothing thrown' ? [] : [`got ${code}`];
  },
};

const isIndependentOfThreads: Promised = {
  name: 'gives equal bytes for any number of threads, and on other threads',
  async failures(subject) {
    const { threadTasks } = subject.insight;
    const alone = await bytesOf(await learn(subject));
    const pools: [string, ThreadPool][] = [['three threads', { ...serialThreadPool(threadTasks), size: 3 }]];
    if (subject.pool) pools.push(['other threads', subject.pool()]);
    const failures: string[] = [];
    for (const [name, threads] of pools) {
      if (!(await bytesOf(await learn(subject, { threads }))).equals(alone))
        failures.push(`${name} gave different bytes`);
    }
    return failures;
  },
};

const registersItsTasks: Promised = {
  name: 'posts exactly the thread tasks that it registers, under names that no other task has',
  async failures(subject) {
    const { card, threadTasks } = subject.insight;
    const posted = new Set<string>();
    const pool = serialThreadPool(threadTasks);
    const run: ThreadPool['run'] = (task, payloads) => {
      posted.add(task);
      return pool.run(task, payloads);
    };
    await learn(subject, { threads: { ...pool, run } }).catch(() => undefined);
    const others = insights.filter(({ card: { name } }) => name !== card.name);
    const taken = [modelTasks, ...others.map(other => other.threadTasks)];
    const isTaken = (task: string): boolean =>
      taken.some(tasks => tasks[task] !== undefined && tasks[task] !== threadTasks[task]);
    return [
      ...[...posted].filter(task => !(task in threadTasks)).map(task => `${task} is not registered`),
      // Those of the training loop are registered by every network, and posted by large ones only.
      ...Object.keys(threadTasks)
        .filter(task => !(task in learningTasks || posted.has(task)))
        .map(task => `${task} is never posted`),
      ...Object.keys(threadTasks).flatMap(task =>
        isTaken(task) ? [`${task} is another task elsewhere`] : [],
      ),
    ];
  },
};

const describesItsTraining: Promised = {
  name: 'writes into the header what it was trained on and how',
  async failures(subject) {
    const { insight, overrides } = subject;
    const snapshot = await insightSnapshot();
    const { artifact } = await insight.learn(snapshot, contextOf(insight), overrides);
    const { header } = artifact;
    const failures: string[] = [];
    if (header.model !== insight.card.name) failures.push(`model is ${header.model}`);
    if (header.snapshotDigest !== snapshot.digest) failures.push('snapshotDigest is of another snapshot');
    if (header.asOf !== snapshot.asOf) failures.push(`asOf is ${header.asOf}`);
    if (header.seed !== seed) failures.push(`seed is ${header.seed}`);
    for (const [name, { default: usual }] of Object.entries(insight.settings)) {
      if (header.config[name] !== (overrides[name] ?? usual))
        failures.push(`${name} is ${header.config[name]}`);
    }
    return failures;
  },
};

const keepsNoShopper: Promised = {
  name: 'keeps no user id, and no text that only one shopper wrote, in its artifact',
  async failures(subject) {
    const bytes = await bytesOf(await learn(subject));
    return [userMark, privateWord].flatMap(text => (bytes.includes(text) ? [`${text} is in the bytes`] : []));
  },
};

const judgesItself: Promised = {
  name: 'reports figures or words, and a verdict with a reason',
  async failures(subject) {
    const { metrics, verdict } = await learn(subject);
    const entries = Object.entries(metrics);
    const failures = entries.flatMap(([name, value]) =>
      typeof value === 'string' || Number.isFinite(value) ? [] : [`${name} is ${value}`],
    );
    if (entries.length === 0) failures.push('no figures');
    if (!/^\S.+\.$/s.test(verdict.reason)) failures.push(`reason is "${verdict.reason}"`);
    return failures;
  },
};

const loadsAlikeAfterARoundTrip: Promised = {
  name: 'reads alike after encoding and decoding',
  async failures(subject) {
    const { artifact } = await learn(subject);
    const decoded = await decodeArtifact(await encodeArtifact(artifact));
    const answers = [artifact, decoded].map(async own => subject.ask(subject.insight.load(own)));
    const [before, after] = (await Promise.all(answers)).map(answer => JSON.stringify(answer));
    return before === after && before !== undefined ? [] : ['the reading changed on the way through bytes'];
  },
};

const refusesDamagedArtifacts: Promised = {
  name: 'refuses an artifact with arrays missing, of a wrong length or class, or not finite',
  async failures(subject) {
    const { insight, optionalArrays = [] } = subject;
    const { artifact } = await learn(subject);
    const answers = damagesOf(artifact, optionalArrays).map(async ([name, damaged]) =>
      expectCode('ARTIFACT_DAMAGED', await codeOf(() => insight.load(damaged)), `${name}: `),
    );
    return (await Promise.all(answers)).flat();
  },
};

const stopsWhenCancelled: Promised = {
  name: 'stops when cancelled, before it begins and half-way',
  async failures(subject) {
    const stopped = new AbortController();
    stopped.abort();
    const before = await codeOf(() => learn(subject, { signal: stopped.signal }));
    const stop = new AbortController();
    const during = await codeOf(() =>
      learn(subject, {
        signal: stop.signal,
        onProgress: () => stop.abort(),
      }),
    );
    return [...expectCode('CANCELLED', before, 'before: '), ...expectCode('CANCELLED', during, 'half-way: ')];
  },
};

const reportsProgress: Promised = {
  name: 'reports progress that never falls and does not exceed the total',
  async failures(subject) {
    const shares: number[] = [];
    await learn(subject, { onProgress: (done, total) => void shares.push(done / total) });
    const isRising = shares.every((share, at) => share >= (shares[at - 1] ?? 0) && share <= 1);
    return shares.length > 0 && isRising ? [] : [`got ${shares.slice(0, 9).join(', ')}`];
  },
};

const refusesTooLittle: Promised = {
  name: 'refuses a snapshot with less than its card needs',
  async failures({ insight, overrides }) {
    const code = await codeOf(async () => insight.learn(await snapshotOf([]), contextOf(insight), overrides));
    return expectCode('TRAINING_DATA_INSUFFICIENT', code);
  },
};

const leavesTheSnapshotAlone: Promised = {
  name: 'leaves the snapshot and the previous artifact as they were',
  async failures(subject) {
    const { insight, overrides } = subject;
    const snapshot = await insightSnapshot();
    const { artifact: previous } = await insight.learn(snapshot, contextOf(insight), overrides);
    const kept = Buffer.from(await encodeArtifact(previous));
    await insight.learn(snapshot, contextOf(insight, { previous }), overrides);
    const before = (await insightSnapshot()).events;
    const failures = (['productRow', 'type', 'value', 'occurredAt', 'session'] as const).flatMap(column =>
      Buffer.from(before[column].buffer).equals(Buffer.from(snapshot.events[column].buffer))
        ? []
        : [`changed events.${column}`],
    );
    const isSame = kept.equals(Buffer.from(await encodeArtifact(previous)));
    return isSame ? failures : [...failures, 'changed the previous artifact'];
  },
};

/** A store call as text. */
const callOf = (port: string, method: string, args: readonly unknown[]): string =>
  JSON.stringify([port, method, args], (_key, value: unknown) => (value instanceof Map ? [...value] : value));

type Call = (...args: unknown[]) => unknown;

/** Memory stores that pass every call to `before` first. */
function watchedStores(before: (call: string) => void): InsightStores {
  const stores = createMemoryStores();
  const watched = Object.entries(stores).map(([port, methods]) => [
    port,
    new Proxy(methods as Record<string, unknown>, {
      get: (target, method) => {
        const own = target[String(method)];
        if (typeof own !== 'function') return own;
        return (...args: unknown[]) => {
          try {
            before(callOf(port, String(method), args));
          } catch (error) {
            return Promise.reject(error);
          }
          return (own as Call).apply(target, args);
        };
      },
    }),
  ]);
  return Object.fromEntries(watched) as typeof stores;
}

/** Publishes an artifact of the subject and calls afterPublish once per store. */
async function publishTo(subject: Subject, ...stores: readonly InsightStores[]): Promise<void> {
  const snapshot: Snapshot = await insightSnapshot();
  const { insight, overrides } = subject;
  const { artifact } = await insight.learn(snapshot, contextOf(insight), overrides);
  const published = { shopId: toShopId('shop'), version: 'v1', artifact, snapshot, readAt: snapshot.asOf };
  const context = { history: { maxEvents: 200, halfLifeDays: 30 }, clock: () => snapshot.asOf + 1 };
  for (const own of stores) await insight.afterPublish(published, { ...context, stores: own });
}

const savesTheSameAgain: Promised = {
  name: 'saves the same rows when afterPublish is called again',
  async failures(subject) {
    const calls: string[] = [];
    const stores = watchedStores(call => void calls.push(call));
    await publishTo(subject, stores, stores);
    const half = calls.length / 2;
    const isSame = JSON.stringify(calls.slice(0, half)) === JSON.stringify(calls.slice(half));
    return isSame ? [] : ['the second call saved other rows'];
  },
};

const failsWithTheStore: Promised = {
  name: 'lets a failure of the store fail afterPublish',
  async failures(subject) {
    let calls = 0;
    const failing = watchedStores(() => {
      calls++;
      throw new GatewayError('UNAVAILABLE', 'Expected a database; got none. Try again.');
    });
    const code = await codeOf(() => publishTo(subject, failing));
    return calls === 0 ? [] : expectCode('UNAVAILABLE', code);
  },
};

/** All promises, in the order in which they are tested. */
export const insightPromises: readonly Promised[] = [
  hasCardAsData,
  hasSettingsInRange,
  refusesOtherSettings,
  givesEqualBytes,
  learnsFromOtherSettings,
  isIndependentOfThreads,
  registersItsTasks,
  describesItsTraining,
  keepsNoShopper,
  judgesItself,
  reportsProgress,
  loadsAlikeAfterARoundTrip,
  refusesDamagedArtifacts,
  refusesTooLittle,
  stopsWhenCancelled,
  leavesTheSnapshotAlone,
  savesTheSameAgain,
  failsWithTheStore,
];

/** Tests that an insight keeps every promise. */
export function itBehavesLikeAnInsight(subject: Subject): void {
  describe(`the insight ${subject.insight.card.name}`, () => {
    for (const promise of insightPromises) {
      it(promise.name, async () => expect(await promise.failures(subject)).toEqual([]));
    }
  });
}
