import { encodeArtifact } from '../../../src/artifact/encode';
import type { TrainContext } from '../../../src/learning/trainContext';
import { learningTasks } from '../../../src/learning/update';
import type { Scorer } from '../../../src/models/model';
import { twoTower } from '../../../src/models/twoTower/model';
import { createRng } from '../../../src/numeric/rng';
import { serialThreadPool, type ThreadPool } from '../../../src/numeric/threadPool';
import { topK } from '../../../src/numeric/topK';
import { withDocuments } from '../../../src/snapshot/documents';
import type { ProductDocument, Snapshot } from '../../../src/snapshot/snapshot';
import { itBehavesLikeAModel } from '../../conformance/model';
import { capable } from '../../support/scorers';
import { snapshotOf, type TestEvent } from '../../support/snapshots';

const small = { rank: 16, epochs: 6, negatives: 32, batchSize: 32, featureBuckets: 256, learningRate: 0.01 };

itBehavesLikeAModel(() => twoTower({ ...small, epochs: 2 }), learningTasks);

const documentOf = (product: number): ProductDocument => ({
  titles: [product % 2 === 0 ? `Walking boot ${product}` : `Kitchen pan ${product}`],
  descriptions: [],
  categoryPath: [product % 2 === 0 ? 'Outdoor' : 'Kitchen'],
  features: [],
  priceMinor: Number.NaN,
});

/** Even users like even products, odd users odd ones. */
async function checkerboard(isDescribed: boolean): Promise<Snapshot> {
  const rng = createRng(11);
  const events: TestEvent[] = [];
  for (let user = 0; user < 120; user++) {
    const own = Array.from({ length: 15 }, (_, half) => 2 * half + (user % 2));
    for (const [step, product] of rng.shuffle(own).slice(0, 8).entries()) {
      events.push({ user: `u${user}`, product: `p${product}`, at: step });
    }
  }
  const snapshot = await snapshotOf(events);
  const documents = new Map(Array.from({ length: 30 }, (_, product) => [`p${product}`, documentOf(product)]));
  return isDescribed ? await withDocuments(snapshot, documents) : snapshot;
}

const contextWith = (threads: ThreadPool): TrainContext => ({
  seed: 5,
  threads,
  onProgress: () => undefined,
  signal: new AbortController().signal,
});

async function trained(isDescribed: boolean): Promise<Scorer<'similar' | 'admit'>> {
  const model = twoTower(small);
  const context = contextWith(serialThreadPool(learningTasks));
  const artifact = await model.train(await checkerboard(isDescribed), context);
  return model.load(artifact);
}

function scoresFor(scorer: Scorer, productIds: readonly string[]): Float32Array {
  const out = new Float32Array(scorer.products.size);
  const productRows = Uint32Array.from(productIds, id => scorer.products.rowOf(id));
  const weights = new Float32Array(productRows.length).fill(1);
  scorer.scoreInto([{ productRows, weights, occurredAt: new Float64Array(productRows.length), now: 9 }], out);
  return out;
}

const parityOf = (scorer: Scorer, row: number): number => Number(scorer.products.idOf(row).slice(1)) % 2;

describe('two-tower', () => {
  it('gives the same bytes on any number of threads', async () => {
    const snapshot = await checkerboard(true);
    const backwards: ThreadPool = {
      size: 3,
      run: (task, payloads) => serialThreadPool(learningTasks).run(task, payloads.toReversed()),
    };
    const [one, other] = await Promise.all(
      [serialThreadPool(learningTasks), backwards].map(async threads =>
        encodeArtifact(await twoTower({ ...small, epochs: 1 }).train(snapshot, contextWith(threads))),
      ),
    );
    expect(Buffer.from(one).equals(Buffer.from(other))).toBe(true);
  });

  it.each([true, false])('separates two tastes, with descriptions: %s', async isDescribed => {
    const scorer = await trained(isDescribed);
    for (const parity of [0, 1]) {
      const scores = scoresFor(scorer, [`p${4 + parity}`, `p${8 + parity}`]);
      const best = topK(scores, 15);
      expect([...best.rows].map(row => parityOf(scorer, row))).toEqual(new Array(15).fill(parity));
    }
  });

  it('embeds a product without events by its words', async () => {
    const scorer = await trained(true);
    const grown = scorer.admit(
      new Map([
        ['p100', documentOf(100)],
        ['p101', documentOf(101)],
      ]),
    );
    const scores = scoresFor(grown, ['p4', 'p8']);
    const rowOf = (id: string): number => grown.products.rowOf(id);
    expect(scores[rowOf('p100')]).toBeGreaterThan(scores[rowOf('p101')] + 0.3);
    const likeness = new Float32Array(32);
    capable(grown, 'similar').similarInto(rowOf('p100'), likeness);
    expect(likeness[rowOf('p2')]).toBeGreaterThan(likeness[rowOf('p3')]);
  });

  it('scores NaN for a product without events or description', async () => {
    const scorer = await trained(false);
    const grown = scorer.admit(new Map([['p100', documentOf(100)]]));
    expect(scoresFor(grown, ['p4']).at(-1)).toBeNaN();
  });
});
