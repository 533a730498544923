import { type LabelledDot, labelWidth, placeLabels } from '../../../src/evaluation/report/labelPlacement';
import { createRng } from '../../../src/numeric/rng';

const [width, height] = [720, 300];

interface Box {
  readonly x: number;
  readonly y: number;
  readonly name: string;
}

/** Whether two labels cover each other: their baselines are less than a line apart and their widths overlap. */
const cover = (one: Box, other: Box): boolean =>
  Math.abs(one.y - other.y) < 12 &&
  one.x < other.x + labelWidth(other.name) &&
  other.x < one.x + labelWidth(one.name);

const coveredPairs = (labels: readonly Box[]): number =>
  labels.reduce(
    (sum, one, index) => sum + labels.slice(index + 1).filter(other => cover(one, other)).length,
    0,
  );

const placed = (dots: readonly LabelledDot[]): Box[] =>
  placeLabels(dots, width, height).map((position, index) => ({ ...position, name: dots[index].name }));

const names = ['popularity', 'item-neighbours', 'collaborative', 'ease', 'session-neighbours', 'ensemble'];

describe('placeLabels', () => {
  it('puts a lonely name to the right of its dot', () => {
    expect(placeLabels([{ x: 100, y: 100, name: 'a' }], width, height)).toEqual([{ x: 109, y: 104 }]);
  });

  it('lets no name cover another, also for dots at one place', () => {
    const dots = names.map(name => ({ x: 350, y: 150, name }));
    expect(coveredPairs(dots)).toBe(15);
    expect(coveredPairs(placed(dots))).toBe(0);
  });

  it.each([1, 2, 3, 4, 5])('keeps names apart and inside the plot (seed %i)', seed => {
    const rng = createRng(seed);
    const dots = names.map(name => ({ x: 60 + rng.uniform() * 600, y: 20 + rng.uniform() * 60, name }));
    const labels = placed(dots);
    expect(coveredPairs(labels)).toBe(0);
    for (const { x, name } of labels) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x + labelWidth(name)).toBeLessThanOrEqual(width);
    }
  });
});
