import { binaryLogLoss, type Predicted } from '../../learning/tabular/calibration';
import { aucOf, averagePrecisionOf, brierOf, calibrationErrorOf } from '../../numeric/classification';

/** Metrics of predicted responses. Formulas: docs/evaluation.md. */
export const responseMetricNames = ['auc', 'prAuc', 'logLoss', 'brier', 'ece'] as const;
/** One of {@link responseMetricNames}. */
export type ResponseMetric = (typeof responseMetricNames)[number];
/** The value of every metric. */
export type ResponseMetrics = Readonly<Record<ResponseMetric, number>>;

/** Computes all metrics. NaN where rows of one outcome alone do not define one. */
export function responseMetrics(predicted: Predicted): ResponseMetrics {
  const { probabilities, labels } = predicted;
  return {
    auc: aucOf(probabilities, labels),
    prAuc: averagePrecisionOf(probabilities, labels),
    logLoss: binaryLogLoss(predicted),
    brier: brierOf(probabilities, labels),
    ece: calibrationErrorOf(probabilities, labels),
  };
}

/** Mean, and standard deviation of a sample; the deviation is NaN for one value. */
export function meanAndDeviation(values: readonly number[]): { readonly mean: number; readonly sd: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : Number.NaN };
}
