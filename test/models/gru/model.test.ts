import { encodeArtifact } from '../../../src/artifact/encode';
import type { TrainContext } from '../../../src/learning/trainContext';
import { gru } from '../../../src/models/gru/model';
import { negativeSampler } from '../../../src/models/gru/negatives';
import { batchesOf, sequencesOf } from '../../../src/models/gru/sequences';
import { gruTasks } from '../../../src/models/gru/tasks';
import type { Scorer, ShopperHistory } from '../../../src/models/model';
import { createRng } from '../../../src/numeric/rng';
import type { ThreadPool } from '../../../src/numeric/threadPool';
import { stepsOf } from '../../../src/snapshot/steps';
import { itBehavesLikeAModel } from '../../conformance/model';
import { historyOf, scorerOf, scoresOf, sessionOf, trainContext } from '../../support/scorers';
import { snapshotOf, type TestEvent } from '../../support/snapshots';

/** Small settings for fast tests. */
const small = { rank: 16, epochs: 3, batchSize: 64, negatives: 16, maxLength: 5 };

const letters = 'abcdefghij';

/** Sessions that walk through the alphabet letter by letter; those that begin with z walk backwards. */
function walks(): TestEvent[] {
  return Array.from({ length: 120 }, (_, index) => {
    const [first, way] = [index % letters.length, index % 2 === 0 ? 1 : -1];
    const place = (step: number): number => (first + way * step + 10 * letters.length) % letters.length;
    const products = Array.from({ length: 4 }, (__, step) => letters[place(step)]).join('');
    return sessionOf(`u${index}`, (way === 1 ? 'y' : 'z') + products, index);
  }).flat();
}

/** Runs payloads in reverse order, as threads might. */
const backwardsPool: ThreadPool = {
  size: 3,
  async run(task, payloads) {
    const tasks = new Map(Object.entries(gruTasks));
    return payloads.toReversed().map(payload => tasks.get(task)?.(payload));
  },
};

itBehavesLikeAModel(() => gru(small), gruTasks);

describe('the sequences of gru', () => {
  it('split long sessions, each part beginning where the previous one ends', async () => {
    const snapshot = await snapshotOf(sessionOf('u', 'abcdefg'));
    const { starts, ends } = sequencesOf(stepsOf(snapshot), 3);
    expect(Array.from(starts, (start, index) => [start, ends[index]])).toEqual([
      [4, 7],
      [2, 5],
      [0, 3],
    ]);
  });

  it('occur once per epoch, the longest of a batch first', async () => {
    const snapshot = await snapshotOf(walks());
    const sequences = sequencesOf(stepsOf(snapshot), 4);
    const batches = batchesOf(sequences, 20, createRng(1));
    expect(batches.flatMap(batch => [...batch]).toSorted((a, b) => a - b)).toEqual([
      ...sequences.starts.keys(),
    ]);
    const lengths = Array.from(batches[0], sequence => sequences.ends[sequence] - sequences.starts[sequence]);
    expect(lengths).toEqual(lengths.toSorted((a, b) => b - a));
  });
});

describe('the negatives of gru', () => {
  it('are drawn as often as their logQ correction states', () => {
    const sampler = negativeSampler(Uint32Array.of(1, 0, 4, 16), 0.5);
    const [rows, corrections] = [new Uint32Array(7000), new Float32Array(7000)];
    sampler.drawInto(createRng(1), rows, corrections);
    const drawn = [0, 1, 2, 3].map(product => rows.filter(row => row === product).length);
    expect(drawn[1]).toBe(0);
    for (const [product, expected] of [
      [0, 1000],
      [2, 2000],
      [3, 4000],
    ]) {
      expect(Math.abs(drawn[product] - expected)).toBeLessThan(4 * Math.sqrt(expected));
      expect(Math.exp(corrections[rows.indexOf(product)])).toBeCloseTo(expected, 0);
    }
  });
});

describe('gru', () => {
  const settings = {
    ...small,
    epochs: 40,
    learningRate: 0.02,
    inputDropout: 0,
    stateDropout: 0,
    repeatShare: 0,
  };
  let scorer: Scorer<'openState'>;

  beforeAll(async () => {
    scorer = await scorerOf(gru(settings), walks(), trainContext(1, gruTasks));
  });

  const bestAfter = (products: string): string => {
    const scores = [...scoresOf(scorer, historyOf(scorer, products))];
    return scores.reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];
  };

  it('uses the whole session: its first product determines the direction', () => {
    expect([bestAfter('yd'), bestAfter('zd')]).toEqual(['e', 'c']);
    expect([bestAfter('ybcd'), bestAfter('zfed')]).toEqual(['e', 'c']);
  });

  it('returns probabilities', () => {
    const scores = [...scoresOf(scorer, historyOf(scorer, 'ybc')).values()];
    expect(scores.reduce((sum, score) => sum + score, 0)).toBeCloseTo(1, 4);
  });

  it('gives the same bytes for any order of its payloads', async () => {
    const snapshot = await snapshotOf(walks());
    const bytesWith = async (context: TrainContext): Promise<Uint8Array> =>
      encodeArtifact(await gru(small).train(snapshot, context));
    const serial = await bytesWith(trainContext(1, gruTasks));
    const backwards = await bytesWith({ ...trainContext(1), threads: backwardsPool });
    expect(Buffer.from(serial).equals(Buffer.from(backwards))).toBe(true);
  });

  it('gives other parameters with another seed', async () => {
    const [one, other] = await Promise.all(
      [1, 2].map(seed => scorerOf(gru(small), walks(), trainContext(seed, gruTasks))),
    );
    const [a, b] = [one, other].map(each => scoresOf(each, historyOf(each, 'ybc')).get('d'));
    expect(a).not.toBe(b);
  });

  it('scores a live session like its whole history, event by event', () => {
    const empty = historyOf(scorer, '');
    const state = scorer.openState(empty);
    const out = new Float32Array(scorer.products.size);
    state?.scoreInto(out);
    expect(out.every(Number.isNaN)).toBe(true);
    // c is repeated and moves to the end; j is disliked and ignored.
    const weights = [1, 1, 1, 1, -6, 1];
    for (const [step, product] of Array.from('yczcjd').entries()) {
      state.append(scorer.products.rowOf(product), weights[step], step * 1000);
    }
    state?.scoreInto(out);
    const whole: ShopperHistory = historyOf(scorer, 'yzcjd', [1, 1, 2, -6, 1]);
    const expected = new Float32Array(scorer.products.size);
    scorer.scoreInto([whole], expected);
    for (const [row, score] of expected.entries()) expect(Math.abs(out[row] - score)).toBeLessThan(1e-4);
  });

  it('scores a live session of hundreds of products like its whole history', () => {
    const products = Array.from({ length: 500 }, (_, step) => step % scorer.products.size);
    const state = scorer.openState(historyOf(scorer, 'ab'));
    for (const [step, product] of products.entries()) state.append(product, 1, 5000 + step * 1000);
    const out = new Float32Array(scorer.products.size);
    state?.scoreInto(out);
    expect(out.every(Number.isFinite)).toBe(true);
  });
});
