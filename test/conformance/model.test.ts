import type { Artifact } from '../../src/artifact/artifact';
import { itemNeighbours } from '../../src/models/itemNeighbours/model';
import type { DueColumns, LiveState, Model, Scorer, ShopperHistory } from '../../src/models/model';
import { popularity } from '../../src/models/popularity/model';
import { trending } from '../../src/models/trending/model';
import { modelPromises } from './model';

const sound = itemNeighbours();

/** The sound model with its scorer changed. */
const withScorer = (change: (scorer: Scorer) => Scorer): Model => ({
  ...sound,
  load: artifact => change(sound.load(artifact)),
});

/** The sound model with its artifact changed. */
const withArtifact = (change: (artifact: Artifact, call: number) => Artifact): Model => {
  let calls = 0;
  return { ...sound, train: async (...given) => change(await sound.train(...given), calls++) };
};

const withHeader = (header: Partial<Artifact['header']>): Model =>
  withArtifact(artifact => ({ ...artifact, header: { ...artifact.header, ...header } }));

/** A model that keeps who was in the snapshot. */
const keepsUserIds: Model = {
  ...sound,
  async train(snapshot, context) {
    const artifact = await sound.train(snapshot, context);
    const names = new TextEncoder().encode(snapshot.users.idOf(3));
    return { ...artifact, arrays: new Map([...artifact.arrays, ['userIds', names]]) };
  },
};

/** Scores that depend on the number of histories in the batch. */
const batchBound = withScorer(scorer => ({
  ...scorer,
  scoreInto(histories, out) {
    scorer.scoreInto(histories, out);
    for (let index = 0; index < out.length; index++) out[index] += histories.length;
  },
}));

const overwriting = (value: number): Model =>
  withScorer(scorer => ({
    ...scorer,
    scoreInto(histories, out) {
      scorer.scoreInto(histories, out);
      out.fill(value);
    },
  }));

/** Keeps state in a closure, not in the artifact: the first load after training scores differently from later ones. */
const keepsStateOutside = (): Model => {
  let loads = 0;
  return withScorer(scorer => ({
    ...scorer,
    scoreInto(histories, out) {
      loads++;
      scorer.scoreInto(histories, out);
      out[out.length - 1] += loads;
    },
  }));
};

const similarTo = (likeness: number): Model =>
  withScorer(scorer => ({
    ...scorer,
    similarInto: (_row: number, out: Float32Array) => void out.fill(likeness),
  }));

const withoutSimilar = withScorer(({ products, scoreInto }) => ({ products, scoreInto }));

const writesIntoInputs: Model = {
  ...sound,
  async train(snapshot, context) {
    const artifact = await sound.train(snapshot, context);
    snapshot.events.value[0] = 99;
    return artifact;
  },
};

/** Broken models by the promise they must fail. */
const broken: readonly (readonly [string, string, Model])[] = [
  [
    'gives equal bytes for an equal snapshot and seed',
    'one that differs from run to run',
    withArtifact((artifact, call) => ({
      ...artifact,
      arrays: new Map([...artifact.arrays, ['run', Uint8Array.of(call)]]),
    })),
  ],
  ['writes into the header what it was trained on and how', 'another seed', withHeader({ seed: 8 })],
  [
    'writes into the header what it was trained on and how',
    'another digest',
    withHeader({ snapshotDigest: '' }),
  ],
  ['writes into the header what it was trained on and how', 'another name', withHeader({ model: 'x' })],
  ['writes into the header what it was trained on and how', 'another time', withHeader({ asOf: 0 })],
  ['keeps no user id in its artifact', 'one that keeps user ids', keepsUserIds],
  ['scores alike after encoding and decoding', 'one with state outside its artifact', keepsStateOutside()],
  [
    'scores every product it saw, for every shopper with a history',
    'one that returns NaN for all',
    overwriting(Number.NaN),
  ],
  [
    'scores every product it saw, for every shopper with a history',
    'one that forgot its products',
    withScorer(scorer => ({ ...scorer, products: { ...scorer.products, rowOf: () => -1 } })),
  ],
  [
    'scores a shopper without history exactly when its card declares coldStart',
    'one that returns 0 for all',
    overwriting(0),
  ],
  [
    'scores a shopper without history exactly when its card declares coldStart',
    'one whose card declares coldStart',
    { ...sound, card: { ...sound.card, capabilities: ['similar', 'coldStart'] } },
  ],
  ['scores each history on its own, whatever else is in the batch', 'one that mixes histories', batchBound],
  [
    'scores products with events, and returns a number or NaN for products without any event',
    'one that divides by their number of events',
    overwriting(Number.POSITIVE_INFINITY),
  ],
  [
    'refuses room of another length',
    'one that takes any room',
    withScorer(scorer => ({ ...scorer, scoreInto: (_histories, out) => void out.fill(0) })),
  ],
  [
    'has exactly the capabilities that its card declares',
    'one that declares similar, but has no similarInto',
    withoutSimilar,
  ],
  [
    'has exactly the capabilities that its card declares',
    'one that declares complements, but has no complementsInto',
    { ...sound, card: { ...sound.card, capabilities: ['similar', 'complements'] } },
  ],
  [
    'has exactly the capabilities that its card declares',
    'one that rates, but does not declare it',
    withScorer(scorer => ({
      ...scorer,
      rateInto: (_history: unknown, out: Float32Array) => void out.fill(3),
    })),
  ],
  [
    'has exactly the capabilities that its card declares',
    'one that has half of what completes a cart',
    withScorer(scorer => ({ ...scorer, evidenceOf: () => null })),
  ],
  [
    'scores similar products, if it can: NaN for the product itself, a number for every other',
    'all 1',
    similarTo(1),
  ],
  [
    'scores similar products, if it can: NaN for the product itself, a number for every other',
    'all NaN',
    similarTo(Number.NaN),
  ],
  [
    'scores alike by inner products and step by step, and complements of a cart, if it can',
    'one whose vectors are zeros',
    withScorer(scorer => ({
      ...scorer,
      vectors: { columns: 4, rows: new Float32Array(4 * scorer.products.size), queryInto: () => true },
    })),
  ],
  [
    'scores alike by inner products and step by step, and complements of a cart, if it can',
    'one that ignores appended events',
    withScorer(scorer => ({
      ...scorer,
      openState: (history: ShopperHistory): LiveState => ({
        append: () => undefined,
        scoreInto: out => scorer.scoreInto([history], out),
      }),
    })),
  ],
  [
    'scores alike by inner products and step by step, and complements of a cart, if it can',
    'one that suggests what is in the cart',
    withScorer(scorer => ({
      ...scorer,
      complementsInto: (_rows: Uint32Array, out: Float32Array) => void out.fill(1),
      scoreCartInto: (_rows: Uint32Array, out: Float32Array) => void out.fill(1),
      evidenceOf: () => null,
    })),
  ],
  [
    'tells when a bought product is bought again, if it can: rising probabilities, and a later instant or none',
    'one that is surer of a week than of a month',
    withScorer(scorer => ({
      ...scorer,
      isRepeated: () => true,
      firstPurchaseOf: () => 0,
      dueInto: (history: ShopperHistory, out: DueColumns) => {
        const isBought = (entry: number) => (history.purchases?.orders[entry] ?? 0) > 0;
        for (const entry of history.productRows.keys()) {
          out.within7Days[entry] = isBought(entry) ? 0.5 : Number.NaN;
          out.within30Days[entry] = isBought(entry) ? 0.4 : Number.NaN;
          out.dueAt[entry] = isBought(entry) ? history.now + 1 : Number.NaN;
        }
      },
    })),
  ],
  [
    'tells when a bought product is bought again, if it can: rising probabilities, and a later instant or none',
    'one that expects what was never bought',
    withScorer(scorer => ({
      ...scorer,
      isRepeated: () => true,
      firstPurchaseOf: () => 0,
      dueInto: (history: ShopperHistory, out: DueColumns) => {
        out.within7Days.fill(0.1);
        out.within30Days.fill(0.2);
        out.dueAt.fill(history.now + 1);
      },
    })),
  ],
  [
    'tells when a bought product is bought again, if it can: rising probabilities, and a later instant or none',
    'one that knows nothing about what is new to the shopper',
    withScorer(scorer => ({
      ...scorer,
      isRepeated: () => true,
      firstPurchaseOf: () => Number.NaN,
      dueInto: (history: ShopperHistory, out: DueColumns) => {
        for (const entry of history.productRows.keys()) {
          const chance = (history.purchases?.orders[entry] ?? 0) > 0 ? 0.1 : Number.NaN;
          out.within7Days[entry] = chance;
          out.within30Days[entry] = chance;
          out.dueAt[entry] = Number.NaN;
        }
      },
    })),
  ],
  [
    'admits later products, if it can: known rows stay, new ones follow, and this scorer does not change',
    'one that returns itself unchanged',
    withScorer(scorer => ({ ...scorer, admit: () => scorer })),
  ],
  ['leaves the snapshot and the histories as they were', 'one that writes into its inputs', writesIntoInputs],
  [
    'leaves the snapshot and the histories as they were',
    'one that sorts histories',
    withScorer(scorer => ({
      ...scorer,
      scoreInto(histories, out) {
        for (const history of histories) history.weights.sort();
        scorer.scoreInto(histories, out);
      },
    })),
  ],
  [
    'stops when cancelled',
    'one that ignores the signal',
    {
      ...sound,
      train: (snapshot, context) =>
        sound.train(snapshot, { ...context, signal: new AbortController().signal }),
    },
  ],
  [
    'refuses a snapshot with fewer events than its card needs',
    'one that trains on nothing',
    { ...sound, train: async () => ({ header: {} as Artifact['header'], arrays: new Map() }) },
  ],
  [
    'refuses an artifact with arrays missing, of a wrong length or class, or not finite',
    'one that loads anything',
    {
      ...sound,
      load: () => ({ products: { size: 0, idOf: String, rowOf: () => -1 }, scoreInto: () => undefined }),
    },
  ],
];

describe('the promises of a model', () => {
  it('each have a broken model that must fail them', () => {
    const covered = new Set(broken.map(([promise]) => promise));
    expect([...covered].sort()).toEqual(modelPromises.map(promise => promise.name).sort());
  });

  it.each(broken)('"%s" catches %s', async (name, _stub, model) => {
    const promise = modelPromises.find(candidate => candidate.name === name);
    expect(await promise?.failures(model, {})).not.toEqual([]);
  });

  it.each([
    ['item-neighbours', sound],
    ['popularity', popularity()],
    ['trending', trending()],
  ])('none catches %s', async (_name, model) => {
    const failures = await Promise.all(modelPromises.map(promise => promise.failures(model, {})));
    expect(failures.flat()).toEqual([]);
  });
});
