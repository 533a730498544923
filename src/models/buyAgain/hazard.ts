import { probabilityOf } from '../../numeric/logisticRidge';
import type { Period } from './examples';
import { featureCount } from './features';
import { msPerDay } from './productStatistics';

/** Periods after an instant in which a product may be bought again: within a week, and from then within 30 days. */
export const periods = [
  { fromDay: 0, toDay: 7 },
  { fromDay: 7, toDay: 30 },
] as const satisfies readonly Period[];

/** Coefficients of the log-odds of buying in a period, given that it was not bought in an earlier one. */
export interface HazardModel {
  /** [periods × features], row-major. */
  readonly coefficients: Float64Array;
}

/** When a product is bought again. */
export interface Due {
  readonly within7Days: number;
  readonly within30Days: number;
  /** Days until it was bought again with probability ½; NaN where that is more than {@link maxDueDays}. */
  readonly medianDays: number;
}

const maxDueDays = 365;

function hazardOf({ coefficients }: HazardModel, period: number, features: Float64Array): number {
  let logOdds = 0;
  for (let feature = 0; feature < featureCount; feature++)
    logOdds += coefficients[period * featureCount + feature] * features[feature];
  return probabilityOf(logOdds);
}

/**
 * Returns the days until a product was bought again with probability ½. The hazard is constant within a period, and after the
 * last one stays what it was in it.
 */
export function medianDays(first: number, later: number): number {
  const [week, rest] = periods;
  const half = Math.LN2;
  const weekRate = -Math.log1p(-first) / (week.toDay - week.fromDay);
  const laterRate = -Math.log1p(-later) / (rest.toDay - rest.fromDay);
  const inWeek = half / weekRate;
  if (inWeek <= week.toDay) return inWeek;
  const days = week.toDay + (half - weekRate * week.toDay) / laterRate;
  return days <= maxDueDays ? days : Number.NaN;
}

/** Returns when a product with these features is bought again. */
export function dueOf(model: HazardModel, features: Float64Array): Due {
  const first = hazardOf(model, 0, features);
  const later = hazardOf(model, 1, features);
  return {
    within7Days: first,
    within30Days: first + (1 - first) * later,
    medianDays: medianDays(first, later),
  };
}

/** Returns an instant some days after another, milliseconds since the epoch. */
export const afterDays = (instant: number, days: number): number => instant + days * msPerDay;
