import { can } from '../../../src/models/capability';
import { liveEnsemble } from '../../../src/models/ensemble/live';
import type { WeightedScorer } from '../../../src/models/ensemble/score';
import type { Scorer, ShopperHistory } from '../../../src/models/model';
import { purchaseLedgerOf } from '../../../src/models/purchases';
import { modelByName } from '../../../src/models/registry';
import { threadTasks } from '../../../src/models/threadTasks';
import type { ProductDocument } from '../../../src/snapshot/snapshot';
import { vocabularyOf } from '../../../src/snapshot/vocabulary';
import { itBehavesLikeAModel } from '../../conformance/model';
import { capable } from '../../support/scorers';

const others = { trending: 0, itemNeighbours: 0, collaborative: 0, markov: 0 };

/** A part that admits products, one that keeps states, and one that does neither. */
itBehavesLikeAModel(
  () =>
    modelByName('ensemble', {
      ...others,
      itemNeighbours: 1,
      content: 0.5,
      gru: 0.7,
      content_rank: 4,
      gru_epochs: 1,
    }),
  threadTasks,
);

const ids = ['a', 'b', 'c'];
const history = (rows: readonly number[]): ShopperHistory => ({
  productRows: Uint32Array.from(rows),
  weights: Float32Array.from(rows, () => 1),
  occurredAt: Float64Array.from(rows.keys()),
  now: 100,
});
const scores = (scorer: Scorer, rows: readonly number[]): number[] => {
  const out = new Float32Array(scorer.products.size);
  scorer.scoreInto([history(rows)], out);
  return [...out];
};

/** Scores each product by its row, plus 10 for admitted ones. */
const rising = (names: readonly string[]): Scorer<'admit'> => ({
  products: vocabularyOf(names),
  scoreInto: (_, out) =>
    void out.forEach((_, at) => {
      const row = at % names.length;
      out[at] = row < ids.length ? row : 10;
    }),
  admit: documents => rising([...names, ...[...documents.keys()].filter(id => !names.includes(id))]),
});

/** Scores by the length of the history only. */
const still: Scorer = {
  products: vocabularyOf(ids),
  scoreInto(histories, out) {
    for (const [index, { productRows }] of histories.entries())
      for (let row = 0; row < ids.length; row++)
        out[index * ids.length + row] = (row * productRows.length) % 3;
  },
};

const arrival = new Map([['new', {} as ProductDocument]]);

/** The ensemble of some parts, after a new product is admitted. */
const admitInto = (parts: readonly WeightedScorer[]): Scorer =>
  capable(liveEnsemble(vocabularyOf(ids), parts), 'admit').admit(arrival);

it('admits a product that only one part admits, with neutral scores from the others', () => {
  const alone = admitInto([{ scorer: rising(ids), weight: 1 }]);
  const both = liveEnsemble(vocabularyOf(ids), [
    { scorer: still, weight: 1 },
    { scorer: rising(ids), weight: 1 },
  ]);
  const grown = capable(both, 'admit').admit(arrival);
  expect(grown.products.rowOf('new')).toBe(3);
  const own = scores(alone, [0]);
  const summed = scores(grown, [0]);
  expect(own[3]).toBeGreaterThan(own[2]);
  const others = scores(liveEnsemble(vocabularyOf(ids), [{ scorer: still, weight: 1 }]), [0]);
  expect(summed[3]).toBeCloseTo(own[3] + others.reduce((sum, score) => sum + score / 3, 0), 5);
  expect(both.products.size).toBe(3);
});

it('passes a history without a product to a part that does not know it', () => {
  const received: number[][] = [];
  const listening: Scorer = {
    ...still,
    scoreInto(histories, out) {
      received.push(...histories.map(({ productRows }) => [...productRows]));
      still.scoreInto(histories, out);
    },
  };
  const grown = admitInto([
    { scorer: listening, weight: 1 },
    { scorer: rising(ids), weight: 1 },
  ]);
  expect(scores(grown, [2, 3, 0])).toHaveLength(4);
  expect(received).toEqual([[2, 0]]);
});

it('passes the purchases of the products that a part knows, with their totals', () => {
  const received: (readonly (number | undefined)[])[] = [];
  const listening: Scorer = {
    ...still,
    scoreInto(histories, out) {
      for (const { purchases } of histories)
        received.push([...(purchases?.orders ?? []), purchases?.orderCount]);
      still.scoreInto(histories, out);
    },
  };
  const grown = admitInto([
    { scorer: listening, weight: 1 },
    { scorer: rising(ids), weight: 1 },
  ]);
  const purchases = purchaseLedgerOf([
    [3, 1],
    [0, 2],
    [0, 3],
  ]).of([2, 3, 0]);
  grown.scoreInto([{ ...history([2, 3, 0]), ...(purchases && { purchases }) }], new Float32Array(4));
  expect(received).toEqual([[0, 2, 3]]);
});

it('keeps purchases with their products when an event moves a product to the end', () => {
  const received: number[][] = [];
  const listening: Scorer = {
    ...still,
    scoreInto(histories, out) {
      received.push(...histories.map(history => [...(history.purchases?.orders ?? [])]));
      still.scoreInto(histories, out);
    },
  };
  const stepping: Scorer<'openState'> = {
    ...still,
    openState: () => ({ append: () => undefined, scoreInto: out => out.set([0, 1, 2]) }),
  };
  const ensemble = liveEnsemble(vocabularyOf(ids), [
    { scorer: listening, weight: 1 },
    { scorer: stepping, weight: 1 },
  ]);
  const purchases = purchaseLedgerOf([
    [0, 1],
    [0, 2],
  ]).of([0, 1]);
  const opened = { ...history([0, 1]), ...(purchases && { purchases }) };
  const state = capable(ensemble, 'openState').openState(opened);
  state.append(0, 1, 50);
  state.append(2, 1, 60);
  state.scoreInto(new Float32Array(3));
  expect(received).toEqual([[0, 2, 0]]);
});

it('has the capabilities that one of its parts has', () => {
  const ensemble = liveEnsemble(vocabularyOf(ids), [{ scorer: still, weight: 1 }]);
  expect([can(ensemble, 'admit'), can(ensemble, 'tellLiked'), can(ensemble, 'openState')]).toEqual([
    false,
    false,
    false,
  ]);
  const reading = liveEnsemble(vocabularyOf(ids), [
    { scorer: still, weight: 1 },
    { scorer: rising(ids), weight: 1 },
  ]);
  expect(can(reading, 'admit')).toBe(true);
});

it('updates the states of parts that have them, and passes the growing history to the others', () => {
  const stepping: Scorer<'openState'> = {
    ...rising(ids),
    openState(opened) {
      let sum = opened.productRows.length;
      return {
        append: () => void sum++,
        scoreInto: out => out.set(sum === 2 ? [0, 1, 2] : [2, 1, 0]),
      };
    },
  };
  const ensemble = liveEnsemble(vocabularyOf(ids), [
    { scorer: still, weight: 3 },
    { scorer: stepping, weight: 1 },
  ]);
  const state = capable(ensemble, 'openState').openState(history([0]));
  const out = new Float32Array(3);
  state.append(1, 1, 50);
  state.scoreInto(out);
  const expected = liveEnsemble(vocabularyOf(ids), [
    { scorer: still, weight: 3 },
    { scorer: rising(ids), weight: 1 },
  ]);
  expect([...out]).toEqual(scores(expected, [0, 1]));
});
