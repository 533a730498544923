import type { ModelConfig } from '../contender';
import { type Measurement, measurementOf } from '../evaluation';
import { metricNames } from '../metrics';
import { sampleOf } from '../sample';
import { type Comparison, compareWithBest } from '../significance';
import type { DueCalibration } from './calibration';
import type { ColumnFigures, ShopColumn } from './shopQuestions';

/** The measurements of one model on a shop, trained with one seed. */
export interface ShopRun {
  readonly columns: Readonly<Record<ShopColumn, ColumnFigures>>;
  readonly trainSeconds: number;
  readonly artifactBytes: number;
  /** Of the scorer alone: one history in, scores of the whole catalogue out. */
  readonly msPerList: number;
  readonly peakMemoryMb: number;
  /** One per horizon that the data allow; empty for models without the capability. */
  readonly calibrations: readonly DueCalibration[];
}

/** All runs of one model, one per seed; or why it could not be trained. */
export interface ShopOutcome {
  readonly model: string;
  /** Settings that differ from the defaults. */
  readonly config: ModelConfig;
  /** Empty for a model that could not be trained. */
  readonly runs: readonly ShopRun[];
  /** Why the model could not be trained. */
  readonly untrained?: string;
}

/** Figures of one column over all seeds. */
export interface ColumnSummary {
  /** Each shopper's mean over seeds. */
  readonly measurement: Measurement;
  readonly coverage: number;
  /** Standard deviation of ndcg@20 over seeds, with n − 1; null with one seed. */
  readonly deviation: number | null;
  /** Compared with the reference; null for itself. */
  readonly comparison: Comparison | null;
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function deviationOf(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const mean = meanOf(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

/** Each shopper's mean over runs. */
function meanMeasurement(each: readonly Measurement[]): Measurement {
  const [{ userRows }] = each;
  const metrics = new Float64Array(userRows.length * metricNames.length);
  for (const [column, name] of metricNames.entries()) {
    for (const { perUser } of each) {
      const values = perUser.get(name) ?? [];
      for (const [user, value] of values.entries())
        metrics[user * metricNames.length + column] += value / each.length;
    }
  }
  return measurementOf(userRows, metrics);
}

/**
 * Returns one column of every trained model, compared with a reference by a paired test over shoppers, corrected for the number
 * of models (Holm).
 *
 * @param outcomes - all trained
 * @param reference - name of the model that the others are compared with
 */
export function summarizeColumn(
  outcomes: readonly ShopOutcome[],
  column: ShopColumn,
  reference: string,
): readonly ColumnSummary[] {
  const measurements = outcomes.map(({ runs }) =>
    meanMeasurement(runs.map(({ columns }) => columns[column].measurement)),
  );
  const at = outcomes.findIndex(({ model }) => model === reference);
  const comparisons =
    at < 0 ? outcomes.map(() => null) : compareWithBest(measurements.map(sampleOf), 'ndcg@20', at);
  return outcomes.map(({ runs }, index) => ({
    measurement: measurements[index],
    coverage: meanOf(runs.map(({ columns }) => columns[column].coverage)),
    deviation: deviationOf(runs.map(({ columns }) => columns[column].measurement.means['ndcg@20'])),
    comparison: comparisons[index],
  }));
}
