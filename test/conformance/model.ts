// What every model promises (src/models/model.ts). Each promise is a function that returns what is wrong, so that the
// suite itself can be tested: test/conformance/model.test.ts holds a broken model against each, which must fail it.
import type { Artifact } from '../../src/artifact/artifact';
import { decodeArtifact } from '../../src/artifact/decode';
import { encodeArtifact } from '../../src/artifact/encode';
import { type ErrorCode, GatewayError } from '../../src/domain/errors';
import type { TrainContext } from '../../src/learning/trainContext';
import { can, declares } from '../../src/models/capability';
import type { Model, Scorer, ShopperHistory } from '../../src/models/model';
import { createRng } from '../../src/numeric/rng';
import { serialThreadPool, type ThreadTask } from '../../src/numeric/threadPool';
import { createSnapshotBuilder } from '../../src/snapshot/builder';
import type { ProductDocument, Snapshot } from '../../src/snapshot/snapshot';
import { batchOf, snapshotOf, type TestEvent } from '../support/snapshots';
import { capabilityFailures } from './capabilities';
import { damagesOf } from './damages';
import { dueFailures } from './dueTimes';
import { wayFailures } from './waysToScore';

/** What is wrong with a model; empty when nothing is. */
export type Failures = readonly string[];

/** One promise. */
export interface Promised {
  readonly name: string;
  failures(model: Model, tasks: Tasks): Promise<Failures>;
}

/** Thread tasks a model needs. */
export type Tasks = Readonly<Record<string, ThreadTask>>;

const hour = 3_600_000;
const start = Date.UTC(2026, 0, 1);

/** Users of two tastes, so that there is something to learn; ids that would stand out in an artifact. */
function tastes(): TestEvent[] {
  const rng = createRng(42);
  const events: TestEvent[] = [];
  for (let user = 0; user < 60; user++) {
    for (let step = 0; step < 8; step++) {
      const product = 2 * rng.int(15) + (rng.uniform() < 0.9 ? user % 2 : 1 - (user % 2));
      const type = rng.uniform() < 0.2 ? 'PURCHASE' : 'VIEW';
      events.push({
        user: `shopper-${user}-secret`,
        product: `p${product}`,
        at: start + (user * 20 + step) * hour,
        type,
      });
    }
  }
  return events;
}

/** The document of a product, which names its taste. */
const documentOfTaste = (index: number): ProductDocument => ({
  titles: [`${index % 2 === 0 ? 'even' : 'odd'} thing ${index}`],
  descriptions: [],
  categoryPath: [index % 2 === 0 ? 'Even' : 'Odd'],
  features: [],
  priceMinor: Number.NaN,
});

/** The two tastes, every product described; from the thirtieth on, products without any event. */
async function snapshotOfTastes(described = 30): Promise<Snapshot> {
  const builder = createSnapshotBuilder({ asOf: start + 10_000 * hour });
  builder.add(batchOf(tastes()));
  for (let index = 0; index < described; index++) {
    builder.describe(index < 30 ? `p${index}` : `new${index}`, documentOfTaste(index));
  }
  return await builder.build();
}

const contextOf = (tasks: Tasks, seed = 7, signal = new AbortController().signal): TrainContext => ({
  seed,
  threads: serialThreadPool(tasks),
  onProgress: () => undefined,
  signal,
});

async function codeOf(work: () => unknown): Promise<ErrorCode | string> {
  try {
    await work();
    return 'nothing thrown';
  } catch (error) {
    return error instanceof GatewayError ? error.code : `another error: ${String(error)}`;
  }
}

/** Histories that every scorer must score: none, one product, several with a dislike. */
function historiesFor(scorer: Scorer): ShopperHistory[] {
  const rows = (ids: readonly string[]): Uint32Array =>
    Uint32Array.from(ids.map(id => scorer.products.rowOf(id)).filter(row => row >= 0));
  const now = start + 11_000 * hour;
  const historyOf = (ids: readonly string[], weights: readonly number[]): ShopperHistory => {
    const productRows = rows(ids);
    return {
      productRows,
      weights: Float32Array.from(productRows, (_, index) => weights[index]),
      occurredAt: Float64Array.from(productRows, (_, index) => now - (10 - index) * hour),
      now,
    };
  };
  return [
    historyOf([], []),
    historyOf(['p4'], [1]),
    historyOf(['p2', 'p5', 'p6', 'p8'], [1, -6, 5, 3]),
    historyOf(['p1', 'p3', 'p7'], [1, 1, 5]),
  ];
}

function scoresOf(scorer: Scorer, histories: readonly ShopperHistory[]): Float32Array {
  const out = new Float32Array(histories.length * scorer.products.size).fill(12345);
  scorer.scoreInto(histories, out);
  return out;
}

async function trained(
  model: Model,
  tasks: Tasks,
): Promise<{ readonly snapshot: Snapshot; readonly artifact: Artifact; readonly scorer: Scorer }> {
  const snapshot = await snapshotOfTastes();
  const artifact = await model.train(snapshot, contextOf(tasks));
  return { snapshot, artifact, scorer: model.load(artifact) };
}

const sameNumbers = (a: Float32Array, b: Float32Array): boolean =>
  a.length === b.length && a.every((value, index) => Object.is(value, b[index]));

const givesEqualBytesForEqualSeeds: Promised = {
  name: 'gives equal bytes for an equal snapshot and seed',
  async failures(model, tasks) {
    const snapshot = await snapshotOfTastes();
    const first = await encodeArtifact(await model.train(snapshot, contextOf(tasks)));
    const second = await encodeArtifact(await model.train(await snapshotOfTastes(), contextOf(tasks)));
    return Buffer.from(first).equals(Buffer.from(second)) ? [] : ['two trainings gave different bytes'];
  },
};

const scoresAlikeAfterARoundTrip: Promised = {
  name: 'scores alike after encoding and decoding',
  async failures(model, tasks) {
    const { artifact, scorer } = await trained(model, tasks);
    const again = model.load(await decodeArtifact(await encodeArtifact(artifact)));
    const histories = historiesFor(scorer);
    const isSame = sameNumbers(scoresOf(scorer, histories), scoresOf(again, histories));
    return isSame ? [] : ['scores changed on the way through bytes'];
  },
};

const scoresEveryProductItSaw: Promised = {
  name: 'scores every product it saw, for every shopper with a history',
  async failures(model, tasks) {
    const { snapshot, scorer } = await trained(model, tasks);
    const failures: string[] = [];
    for (let row = 0; row < snapshot.products.size; row++) {
      if (scorer.products.rowOf(snapshot.products.idOf(row)) < 0)
        failures.push(`no row for ${snapshot.products.idOf(row)}`);
    }
    const histories = historiesFor(scorer).slice(1);
    const bad = scoresOf(scorer, histories).findIndex(score => !Number.isFinite(score));
    if (bad >= 0) failures.push(`score ${bad} is not a finite number`);
    return failures;
  },
};

const scoresAnEmptyHistoryAsDeclared: Promised = {
  name: 'scores a shopper without history exactly when its card declares coldStart',
  async failures(model, tasks) {
    const { scorer } = await trained(model, tasks);
    const scores = scoresOf(scorer, historiesFor(scorer).slice(0, 1));
    const isDeclared = declares(model.card, 'coldStart');
    const isRight = scores.every(score => (isDeclared ? Number.isFinite(score) : Number.isNaN(score)));
    return isRight ? [] : [`coldStart is ${isDeclared ? '' : 'not '}declared, but the scores differ`];
  },
};

const scoresEachHistoryOnItsOwn: Promised = {
  name: 'scores each history on its own, whatever else is in the batch',
  async failures(model, tasks) {
    const { scorer } = await trained(model, tasks);
    const histories = historiesFor(scorer);
    const together = scoresOf(scorer, histories);
    const size = scorer.products.size;
    return histories.flatMap((history, index) => {
      const alone = scoresOf(scorer, [history]);
      return sameNumbers(alone, together.subarray(index * size, (index + 1) * size))
        ? []
        : [`history ${index} scores differently alone`];
    });
  },
};

/** The two tastes, and as many products with a description and without any event. */
const snapshotWithNewProducts = (): Promise<Snapshot> => snapshotOfTastes(60);

const scoresProductsWithoutEvents: Promised = {
  name: 'scores products with events, and returns a number or NaN for products without any event',
  async failures(model, tasks) {
    const scorer = model.load(await model.train(await snapshotWithNewProducts(), contextOf(tasks)));
    const scores = scoresOf(scorer, historiesFor(scorer).slice(1));
    return Array.from(scores).flatMap((score, index) => {
      const id = scorer.products.idOf(index % scorer.products.size);
      const isRight = Number.isFinite(score) || (Number.isNaN(score) && id.startsWith('new'));
      return isRight ? [] : [`${id} has score ${score}`];
    });
  },
};

const refusesRoomOfAnotherLength: Promised = {
  name: 'refuses room of another length',
  async failures(model, tasks) {
    const { scorer } = await trained(model, tasks);
    const histories = historiesFor(scorer);
    try {
      scorer.scoreInto(histories, new Float32Array(scorer.products.size * histories.length - 1));
    } catch (error) {
      return error instanceof RangeError ? [] : [`threw ${String(error)}`];
    }
    return ['took room that is too short'];
  },
};

/** Bytes of a text somewhere in bytes. */
const holds = (bytes: Uint8Array, text: string): boolean => Buffer.from(bytes).includes(text);

const keepsNoUser: Promised = {
  name: 'keeps no user id in its artifact',
  async failures(model, tasks) {
    const { artifact } = await trained(model, tasks);
    const bytes = await encodeArtifact(artifact);
    return holds(bytes, '-secret') ? ['a user id is in the bytes'] : [];
  },
};

const describesItsTraining: Promised = {
  name: 'writes into the header what it was trained on and how',
  async failures(model, tasks) {
    const { artifact, snapshot } = await trained(model, tasks);
    const { header } = artifact;
    const failures: string[] = [];
    if (header.model !== model.card.name) failures.push(`model is ${header.model}`);
    if (header.snapshotDigest !== snapshot.digest) failures.push('snapshotDigest is of another snapshot');
    if (header.asOf !== snapshot.asOf) failures.push(`asOf is ${header.asOf}`);
    if (header.seed !== 7) failures.push(`seed is ${header.seed}`);
    return failures;
  },
};

const stopsWhenCancelled: Promised = {
  name: 'stops when cancelled',
  async failures(model, tasks) {
    const stop = new AbortController();
    stop.abort();
    const snapshot = await snapshotOfTastes();
    const code = await codeOf(() => model.train(snapshot, contextOf(tasks, 7, stop.signal)));
    return code === 'CANCELLED' ? [] : [`expected CANCELLED; got ${code}`];
  },
};

const refusesTooLittle: Promised = {
  name: 'refuses a snapshot with fewer events than its card needs',
  async failures(model, tasks) {
    const code = await codeOf(async () => model.train(await snapshotOf([]), contextOf(tasks)));
    return code === 'TRAINING_DATA_INSUFFICIENT' ? [] : [`expected TRAINING_DATA_INSUFFICIENT; got ${code}`];
  },
};

const refusesDamagedArrays: Promised = {
  name: 'refuses an artifact with arrays missing, of a wrong length or class, or not finite',
  async failures(model, tasks) {
    const { artifact } = await trained(model, tasks);
    const answers = damagesOf(artifact).map(async ([name, damaged]) => {
      const code = await codeOf(() => model.load(damaged));
      return code === 'ARTIFACT_DAMAGED' ? [] : [`${name}: expected ARTIFACT_DAMAGED; got ${code}`];
    });
    return (await Promise.all(answers)).flat();
  },
};

const hasTheDeclaredCapabilities: Promised = {
  name: 'has exactly the capabilities that its card declares',
  async failures(model, tasks) {
    const { scorer } = await trained(model, tasks);
    return capabilityFailures(model.card, scorer);
  },
};

const scoresSimilarProducts: Promised = {
  name: 'scores similar products, if it can: NaN for the product itself, a number for every other',
  async failures(model, tasks) {
    const { scorer } = await trained(model, tasks);
    if (!can(scorer, 'similar')) return [];
    const out = new Float32Array(scorer.products.size).fill(12345);
    const own = scorer.products.rowOf('p4');
    scorer.similarInto(own, out);
    const failures = Number.isNaN(out[own]) ? [] : ['the product itself is not NaN'];
    const isComplete = out.every((likeness, row) => row === own || Number.isFinite(likeness));
    return isComplete ? failures : [...failures, 'a product other than itself is not a number'];
  },
};

const scoresAlikeInEveryWay: Promised = {
  name: 'scores alike by inner products and step by step, and complements of a cart, if it can',
  async failures(model, tasks) {
    const { scorer } = await trained(model, tasks);
    return wayFailures(scorer, historiesFor(scorer));
  },
};

/** A snapshot's products, in which one is new and one has new words. */
const arrivals: ReadonlyMap<string, ProductDocument> = new Map([
  ['arrived', documentOfTaste(2)],
  ['p7', documentOfTaste(9)],
]);

const tellsWhenItIsBoughtAgain: Promised = {
  name: 'tells when a bought product is bought again, if it can: rising probabilities, and a later instant or none',
  async failures(model, tasks) {
    const { scorer } = await trained(model, tasks);
    const [, , several] = historiesFor(scorer);
    return dueFailures(scorer, several);
  },
};

const admitsProductsThatCameLater: Promised = {
  name: 'admits later products, if it can: known rows stay, new ones follow, and this scorer does not change',
  async failures(model, tasks) {
    const { scorer } = await trained(model, tasks);
    if (!can(scorer, 'admit'))
      return model.card.needs.documents === undefined ? [] : ['reads documents, but does not admit'];
    const before = scoresOf(scorer, historiesFor(scorer));
    const grown = scorer.admit(arrivals);
    const failures: string[] = [];
    const { size } = scorer.products;
    if (grown.products.size !== size + 1 || grown.products.rowOf('arrived') !== size)
      failures.push('the new product does not follow the known ones');
    for (let row = 0; row < size; row++) {
      if (grown.products.idOf(row) !== scorer.products.idOf(row)) failures.push(`row ${row} moved`);
    }
    if (!scoresOf(grown, historiesFor(grown).slice(1)).every(Number.isFinite))
      failures.push('a score is not a number');
    if (!sameNumbers(scoresOf(scorer, historiesFor(scorer)), before))
      failures.push('the scorer before it changed');
    return [...failures, ...capabilityFailures(model.card, grown)];
  },
};

const leavesItsInputsAlone: Promised = {
  name: 'leaves the snapshot and the histories as they were',
  async failures(model, tasks) {
    const { snapshot, scorer } = await trained(model, tasks);
    const before = (await snapshotOfTastes()).events;
    const failures = (['productRow', 'type', 'value', 'occurredAt', 'session'] as const).flatMap(column =>
      Buffer.from(before[column].buffer).equals(Buffer.from(snapshot.events[column].buffer))
        ? []
        : [`changed events.${column}`],
    );
    const histories = historiesFor(scorer);
    scoresOf(scorer, histories);
    const isSame = JSON.stringify(histories) === JSON.stringify(historiesFor(scorer));
    return isSame ? failures : [...failures, 'changed a history'];
  },
};

/** All promises, in the order in which they are tested. */
export const modelPromises: readonly Promised[] = [
  givesEqualBytesForEqualSeeds,
  describesItsTraining,
  keepsNoUser,
  scoresAlikeAfterARoundTrip,
  scoresEveryProductItSaw,
  scoresAnEmptyHistoryAsDeclared,
  scoresEachHistoryOnItsOwn,
  scoresProductsWithoutEvents,
  refusesRoomOfAnotherLength,
  hasTheDeclaredCapabilities,
  scoresSimilarProducts,
  scoresAlikeInEveryWay,
  tellsWhenItIsBoughtAgain,
  admitsProductsThatCameLater,
  leavesItsInputsAlone,
  stopsWhenCancelled,
  refusesTooLittle,
  refusesDamagedArrays,
];

/** Tests that a model keeps every promise. `tasks` are those it runs on a thread pool. */
export function itBehavesLikeAModel(create: () => Model, tasks: Tasks = {}): void {
  describe(`the model ${create().card.name}`, () => {
    for (const promise of modelPromises) {
      it(promise.name, async () => expect(await promise.failures(create(), tasks)).toEqual([]));
    }
  });
}
