/** A dot of a plot with its name, in pixels. */
export interface LabelledDot {
  readonly x: number;
  readonly y: number;
  readonly name: string;
}

/** Left end of the baseline of a label, in pixels. */
export interface LabelPosition {
  readonly x: number;
  readonly y: number;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Width of a character of the plots' font, 12 px, on average. */
const characterWidth = 6.8;
const lineHeight = 14;
const dotRadius = 6;
/** Distances above and below the dot that are tried, in lines, nearest first. */
const lineOffsets = [0, 1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6, 7, -7];

/** Width of a label in pixels, estimated. */
export const labelWidth = (name: string): number => name.length * characterWidth;

const boxOfLabel = ({ x, y }: LabelPosition, name: string): Box => ({
  left: x,
  right: x + labelWidth(name),
  top: y - lineHeight + 3,
  bottom: y + 3,
});

const boxOfDot = ({ x, y }: LabelledDot): Box => ({
  left: x - dotRadius,
  right: x + dotRadius,
  top: y - dotRadius,
  bottom: y + dotRadius,
});

const overlap = (one: Box, other: Box): number =>
  Math.max(0, Math.min(one.right, other.right) - Math.max(one.left, other.left)) *
  Math.max(0, Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top));

/** Area of a box that lies outside the plot. */
const outside = ({ left, right, top, bottom }: Box, width: number, height: number): number =>
  (Math.max(0, -left) + Math.max(0, right - width)) * lineHeight +
  (Math.max(0, -top) + Math.max(0, bottom - height)) * (right - left);

const candidatesOf = ({ x, y, name }: LabelledDot): readonly LabelPosition[] =>
  lineOffsets.flatMap(lines =>
    [x + 9, x - 9 - labelWidth(name)].map(left => ({ x: left, y: y + 4 + lines * lineHeight })),
  );

/**
 * Places the names of dots beside them, so that no name covers another name or a dot as long as there is room. Each name
 * gets the first free position of a fixed order: right, left, then further and further above and below. Where none is
 * free, it gets the one that covers least. O(dots²).
 *
 * @param width - of the plot in pixels; names stay inside
 * @returns positions in the order of the dots
 */
export function placeLabels(
  dots: readonly LabelledDot[],
  width: number,
  height: number,
): readonly LabelPosition[] {
  const taken = dots.map(boxOfDot);
  return dots.map(dot => {
    let best: LabelPosition = { x: dot.x, y: dot.y };
    let least = Number.POSITIVE_INFINITY;
    for (const position of candidatesOf(dot)) {
      const box = boxOfLabel(position, dot.name);
      const covered = taken.reduce((sum, other) => sum + overlap(box, other), outside(box, width, height));
      if (covered >= least) continue;
      least = covered;
      best = position;
      if (covered === 0) break;
    }
    taken.push(boxOfLabel(best, dot.name));
    return best;
  });
}
