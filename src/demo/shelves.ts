import type { Rng } from '../numeric/rng';
import { type DemoProduct, fashionDays, kinds } from './catalogue';
import { cumulate, drawIndex } from './draws';

/** The products on sale, to draw from by demand. Updated weekly, in time order. */
export class Shelves {
  private week = -1;
  private readonly ofKind: readonly Uint32Array[];
  private inKind: readonly Float64Array[] = [];
  private acrossKinds: Float64Array = new Float64Array(0);

  constructor(private readonly catalogue: readonly DemoProduct[]) {
    this.ofKind = kinds.map(kind =>
      Uint32Array.from(catalogue.flatMap((entry, index) => (entry.kind === kind.index ? [index] : []))),
    );
  }

  /** Updates the shelves to a day of the calendar. */
  stock(day: number): void {
    const week = Math.floor(day / 7);
    if (week === this.week) return;
    this.week = week;
    const monday = week * 7;
    this.inKind = this.ofKind.map(members =>
      cumulate(Array.from(members, index => demandOn(monday, this.catalogue[index]))),
    );
    this.acrossKinds = cumulate(this.inKind.map(sums => (sums.length === 0 ? 0 : sums[sums.length - 1])));
  }

  /** Draws a product of a kind by demand; -1 when none is on sale yet. */
  drawOf(rng: Rng, kind: number): number {
    const at = drawIndex(rng, this.inKind[kind]);
    return at < 0 ? -1 : this.ofKind[kind][at];
  }

  /** Draws any product by demand. */
  drawAny(rng: Rng): number {
    return this.drawOf(rng, drawIndex(rng, this.acrossKinds));
  }
}

const fashionLift = 7;
/** A new product has three times the demand at first; the lift decays exponentially with this time constant. */
const novelty = { lift: 2, days: 30 };

/** Relative demand of a product on a day; 0 before its launch. */
export function demandOn(day: number, entry: DemoProduct): number {
  if (day < entry.launchDay || !entry.product.isActive) return 0;
  const age = day - entry.launchDay;
  const lift = entry.launchDay === 0 ? 1 : 1 + novelty.lift * Math.exp(-age / novelty.days);
  const sinceFashion = entry.fashionDay < 0 ? -1 : day - entry.fashionDay;
  const isInFashion = sinceFashion >= -3 && sinceFashion < fashionDays;
  return entry.popularity * lift * (isInFashion ? fashionLift : 1);
}
