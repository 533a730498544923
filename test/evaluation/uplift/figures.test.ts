import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { upliftFigureNames, upliftFigures } from '../../../src/evaluation/uplift/figures';
import { type ExperimentOutcomes, groupTotals, rankRows } from '../../../src/evaluation/uplift/ranking';

interface Golden {
  readonly cases: readonly {
    readonly labels: string;
    readonly treated: string;
    readonly uplift: readonly number[];
    readonly qini: number;
    readonly auuc: number;
    readonly overall?: readonly number[];
    readonly byGroup?: readonly number[];
  }[];
}

const path = join(__dirname, '..', '..', 'golden', 'uplift.golden.json');
const golden: Golden = JSON.parse(readFileSync(path, 'utf8'));
const shares = [10, 20, 30];

const bits = (text: string): Uint8Array => Uint8Array.from(text, Number);

/** Figures by name; the scores are those of a difference of means, unless given. */
function figuresOf(
  uplift: readonly number[],
  { labels, treated }: Omit<ExperimentOutcomes, 'scores'>,
  { scores = new Float64Array(labels.length), weights }: { scores?: Float64Array; weights?: number[] } = {},
): Map<string, number> {
  const totals = groupTotals(rankRows(Float64Array.from(uplift)), { labels, treated, scores }, weights);
  const figures = upliftFigures(totals);
  return new Map(upliftFigureNames.map((name, place) => [name, figures[place]]));
}

describe('figures of uplift', () => {
  it.each(golden.cases)('are those of scikit-uplift: Qini $qini', ({ uplift, ...row }) => {
    const figures = figuresOf(uplift, { labels: bits(row.labels), treated: bits(row.treated) });
    expect(figures.get('qini')).toBeCloseTo(row.qini, 12);
    expect(figures.get('auuc')).toBeCloseTo(row.auuc, 12);
    for (const [place, share] of shares.entries()) {
      if (row.overall) expect(figures.get(`uplift@${share}%`)).toBeCloseTo(row.overall[place], 12);
      if (row.byGroup) expect(figures.get(`upliftByGroup@${share}%`)).toBeCloseTo(row.byGroup[place], 12);
    }
  });

  it('of equal predictions are those of random targeting: no Qini, and the average effect at every share', () => {
    const [labels, treated] = [bits('1101001010'), bits('1111100000')];
    const figures = figuresOf(new Array<number>(10).fill(0.5), { labels, treated });
    expect(figures.get('qini')).toBeCloseTo(0, 12);
    expect(figures.get('auuc')).toBeCloseTo(0, 12);
    for (const share of shares) expect(figures.get(`uplift@${share}%`)).toBeCloseTo(0.6 - 0.4, 12);
  });

  it('of the best order in hindsight have a Qini of 1, of the worst one below 0', () => {
    const [labels, treated] = [bits('1100110010'), bits('1111100000')];
    const best = [...labels].map((label, row) => (treated[row] === 1 ? label : -label));
    expect(figuresOf(best, { labels, treated }).get('qini')).toBeCloseTo(1, 12);
    const worst = best.map(score => -score);
    expect(figuresOf(worst, { labels, treated }).get('qini')).toBeLessThan(0);
  });

  it('by scores are their mean among the first rows, and half the gain above the line', () => {
    const uplift = [9, 8, 7, 6, 5, 4, 3, 2, 1, 0];
    const scores = Float64Array.from(uplift, value => (value >= 8 ? 1 : 0));
    const figures = figuresOf(
      uplift,
      { labels: bits('1010101010'), treated: bits('1100110011') },
      { scores },
    );
    expect(figures.get('robustUplift@10%')).toBe(1);
    expect(figures.get('robustUplift@30%')).toBeCloseTo(2 / 3, 12);
    // Below the gain: a triangle of .2 × .2 / 2 and a rectangle of .8 × .2. Below the line: .2 / 2.
    expect(figures.get('robustQini')).toBeCloseTo(0.02 + 0.16 - 0.1, 12);
  });

  it('with whole weights are those of repeated rows', () => {
    const row = fc.record({
      label: fc.constantFrom(0, 1),
      arm: fc.constantFrom(0, 1),
      uplift: fc.integer({ min: 0, max: 6 }),
      weight: fc.integer({ min: 0, max: 3 }),
      score: fc.integer({ min: -3, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 8, maxLength: 40 }), rows => {
        const repeated = rows.flatMap(one => new Array<typeof one>(one.weight).fill(one));
        const of = (list: typeof rows, weights?: number[]) =>
          figuresOf(
            list.map(({ uplift }) => uplift),
            {
              labels: Uint8Array.from(list, ({ label }) => label),
              treated: Uint8Array.from(list, ({ arm }) => arm),
            },
            { scores: Float64Array.from(list, ({ score }) => score), ...(weights && { weights }) },
          );
        const weighted = of(
          rows,
          rows.map(({ weight }) => weight),
        );
        for (const [name, figure] of of(repeated)) {
          const other = weighted.get(name) ?? 0;
          if (Number.isFinite(figure)) expect(other).toBeCloseTo(figure, 9);
          else expect(Number.isFinite(other)).toBe(false);
        }
      }),
      { seed: 3, numRuns: 200 },
    );
  });
});
