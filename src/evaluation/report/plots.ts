// Plots as SVG text. Colors come from the style sheet of the page.
import type { Interval } from '../sample';
import { type LabelledDot, type LabelPosition, labelWidth, placeLabels } from './labelPlacement';

/** Escapes text for HTML and SVG. */
export const textOf = (text: string): string =>
  text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);

const width = 720;
const margin = { left: 190, right: 70, top: 34, bottom: 42 };
const barHeight = 26;

const shown = (value: number): string => Number(value.toPrecision(3)).toString();

/** Round values that divide a range into about five parts. */
function ticksOf(low: number, high: number): number[] {
  const rough = (high - low) / 5 || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map(factor => factor * power).find(size => size >= rough) ?? rough;
  const first = Math.ceil(low / step);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}

const frame = (title: string, height: number, content: string): string =>
  `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${textOf(title)}"><text x="0" y="16" font-weight="600">${textOf(title)}</text>${content}</svg>`;

const line = (x1: number, y1: number, x2: number, y2: number, kind: string): string =>
  `<line class="${kind}" x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}"/>`;

/** One bar of a plot. */
export interface Bar {
  readonly name: string;
  /** NaN: no bar. */
  readonly value: number;
  readonly interval: Interval | undefined;
}

/** Returns horizontal bars from 0, with error bars. */
export function barPlot(title: string, bars: readonly Bar[]): string {
  const ends = bars
    .flatMap(({ value, interval }) => [value, interval?.high ?? value])
    .filter(Number.isFinite);
  const high = Math.max(...ends, 1e-9) * 1.02;
  const scale = (value: number): number =>
    margin.left + (value / high) * (width - margin.left - margin.right);
  const height = margin.top + bars.length * barHeight + margin.bottom;
  const bottom = height - margin.bottom;
  const grid = ticksOf(0, high)
    .map(
      tick =>
        `${line(scale(tick), margin.top, scale(tick), bottom, 'axis')}<text class="soft" text-anchor="middle" x="${scale(tick).toFixed(1)}" y="${bottom + 16}">${shown(tick)}</text>`,
    )
    .join('');
  const rows = bars.map(({ name, value, interval }, index) => {
    const top = margin.top + index * barHeight + 4;
    const middle = top + (barHeight - 8) / 2;
    const label = `<text text-anchor="end" x="${margin.left - 8}" y="${middle + 4}">${textOf(name)}</text>`;
    if (!Number.isFinite(value)) return label;
    const bar = `<rect class="mark" opacity=".75" x="${margin.left}" y="${top}" height="${barHeight - 8}" width="${Math.max(0, scale(value) - margin.left).toFixed(1)}"/>`;
    const error = interval
      ? line(scale(interval.low), middle, scale(interval.high), middle, 'error') +
        line(scale(interval.low), middle - 4, scale(interval.low), middle + 4, 'error') +
        line(scale(interval.high), middle - 4, scale(interval.high), middle + 4, 'error')
      : '';
    const end = scale(Math.max(value, interval?.high ?? value)) + 6;
    return `${label}${bar}${error}<text x="${end.toFixed(1)}" y="${middle + 4}">${value.toFixed(4)}</text>`;
  });
  return frame(title, height, grid + rows.join(''));
}

/** One dot of a plot. */
export interface Dot {
  readonly name: string;
  readonly x: number;
  readonly y: number;
}

/** Titles and scale of a scatter plot. */
export interface ScatterOptions {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  /** Whether the x axis is logarithmic. */
  readonly isLogarithmic: boolean;
}

/** Ends of an axis, with a margin. */
function rangeOf(values: readonly number[]): readonly [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = (high - low) * 0.08 || Math.abs(high) * 0.1 || 1;
  return [low - room, high + room];
}

/** A dot with its name, and a line between them where the name is not beside the dot. */
function markOf({ name, x, y }: LabelledDot, label: LabelPosition): string {
  const isBeside = Math.abs(label.y - 4 - y) < 1;
  const near = label.x > x ? label.x - 2 : label.x + labelWidth(name) + 2;
  const leader = isBeside ? '' : line(x, y, near, label.y - 4, 'axis');
  const dot = `<circle class="mark" r="5" cx="${x.toFixed(1)}" cy="${y.toFixed(1)}"/>`;
  return `${leader}${dot}<text x="${label.x.toFixed(1)}" y="${label.y.toFixed(1)}">${textOf(name)}</text>`;
}

/** Returns dots with their names; '' when no dot has finite coordinates. */
export function scatterPlot({ title, x, y, isLogarithmic }: ScatterOptions, dots: readonly Dot[]): string {
  const real = dots.filter(dot => Number.isFinite(dot.x) && Number.isFinite(dot.y));
  if (real.length === 0) return '';
  const at = (value: number): number => (isLogarithmic ? Math.log10(value) : value);
  const height = 340;
  // Room for the name of the axis below the title.
  const top = margin.top + 18;
  const [left, right, bottom] = [70, width - 130, height - margin.bottom];
  const [lowX, highX] = rangeOf(real.map(dot => at(dot.x)));
  const [lowY, highY] = rangeOf(real.map(dot => dot.y));
  const placeX = (value: number): number => left + ((value - lowX) / (highX - lowX)) * (right - left);
  const placeY = (value: number): number => bottom - ((value - lowY) / (highY - lowY)) * (bottom - top);
  const gridX = ticksOf(lowX, highX).map(
    tick =>
      `${line(placeX(tick), top, placeX(tick), bottom, 'axis')}<text class="soft" text-anchor="middle" x="${placeX(tick).toFixed(1)}" y="${bottom + 16}">${shown(isLogarithmic ? 10 ** tick : tick)}</text>`,
  );
  const gridY = ticksOf(lowY, highY).map(
    tick =>
      `${line(left, placeY(tick), right, placeY(tick), 'axis')}<text class="soft" text-anchor="end" x="${left - 6}" y="${(placeY(tick) + 4).toFixed(1)}">${shown(tick)}</text>`,
  );
  const placed = real.map(dot => ({ name: dot.name, x: placeX(at(dot.x)), y: placeY(dot.y) }));
  const labels = placeLabels(placed, width, bottom);
  const marks = placed.map((dot, index) => markOf(dot, labels[index]));
  const names = `<text class="soft" text-anchor="middle" x="${(left + right) / 2}" y="${height - 6}">${textOf(x)}</text><text class="soft" x="${left}" y="${top - 6}">${textOf(y)}</text>`;
  return frame(title, height, [...gridX, ...gridY, ...marks, names].join(''));
}
