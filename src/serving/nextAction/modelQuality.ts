import { lossOfProbability, mostLikelyClass } from '../../numeric/classification';
import type { JudgedPrediction } from '../../store/ports/prediction';

/** Predictions by the probability of their most likely action, and how often that action came. */
export interface CalibrationBin {
  /** Probability of the most likely action: over `above`, up to `upTo`. */
  readonly above: number;
  readonly upTo: number;
  readonly predictions: number;
  /** Mean probability of the most likely action; NaN without predictions. */
  readonly meanProbability: number;
  /** Share of predictions whose most likely action came; NaN without predictions. */
  readonly accuracy: number;
}

/** Quality of one model version in one week. Contains no data of single shoppers. */
export interface WeekQuality {
  /** Like 2026-W48. */
  readonly week: string;
  /** Monday 00:00 UTC, milliseconds since the epoch. */
  readonly startsAt: number;
  readonly modelVersion: string;
  /** Predictions whose outcome is known. */
  readonly predictions: number;
  /** Share of predictions whose most likely action came. */
  readonly accuracy: number;
  /** Mean of -ln of the probability of the action that came. */
  readonly logLoss: number;
  /** Expected calibration error of the most likely action over `bins` (Guo et al. 2017, eq. 3). */
  readonly ece: number;
  /** By ascending probability; always 10. */
  readonly bins: readonly CalibrationBin[];
}

const binCount = 10;
const msPerDay = 86_400_000;
const msPerWeek = 7 * msPerDay;
/** 1 January 1970 was a Thursday: Mondays are three days before whole weeks since then. */
const mondayShiftMs = 3 * msPerDay;

/** Returns Monday 00:00 UTC of the week of an instant, milliseconds since the epoch. */
export const weekStart = (at: number): number =>
  Math.floor((at + mondayShiftMs) / msPerWeek) * msPerWeek - mondayShiftMs;

/** Returns the ISO 8601 name of a week: the first week of a year contains its first Thursday. */
function weekName(startsAt: number): string {
  const thursday = new Date(startsAt + 3 * msPerDay);
  const year = thursday.getUTCFullYear();
  const number = 1 + Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / msPerWeek);
  return `${year}-W${String(number).padStart(2, '0')}`;
}

/** Sums of one week and model version; arrays have one entry per bin. */
interface Sums {
  readonly startsAt: number;
  readonly modelVersion: string;
  hits: number;
  loss: number;
  readonly counts: Float64Array;
  readonly confidence: Float64Array;
  readonly hitsIn: Float64Array;
}

const emptySums = (startsAt: number, modelVersion: string): Sums => ({
  ...{ startsAt, modelVersion, hits: 0, loss: 0 },
  counts: new Float64Array(binCount),
  confidence: new Float64Array(binCount),
  hitsIn: new Float64Array(binCount),
});

/** Adds a prediction. An outcome without a probability in it counts as predicted with probability 0. */
function add(sums: Sums, { actionNames, actions, outcome }: JudgedPrediction): void {
  const label = actionNames.indexOf(outcome.action);
  const predicted = mostLikelyClass({ classes: actions.length, probabilities: actions, labels: [label] }, 0);
  const confidence = actions[predicted];
  // Bins are (low, high]; 0 falls in the first.
  const bin = Math.min(binCount - 1, Math.max(0, Math.ceil(confidence * binCount) - 1));
  const isHit = Number(predicted === label);
  sums.hits += isHit;
  sums.loss += lossOfProbability(label < 0 ? 0 : actions[label]);
  sums.counts[bin]++;
  sums.confidence[bin] += confidence;
  sums.hitsIn[bin] += isHit;
}

function qualityOf({ startsAt, modelVersion, hits, loss, counts, confidence, hitsIn }: Sums): WeekQuality {
  const predictions = counts.reduce((sum, count) => sum + count, 0);
  const gaps = confidence.reduce((sum, own, bin) => sum + Math.abs(own - hitsIn[bin]), 0);
  return {
    ...{ week: weekName(startsAt), startsAt, modelVersion, predictions },
    accuracy: hits / predictions,
    logLoss: loss / predictions,
    ece: gaps / predictions,
    bins: Array.from(counts, (count, bin) => ({
      above: bin / binCount,
      upTo: (bin + 1) / binCount,
      predictions: count,
      meanProbability: confidence[bin] / count,
      accuracy: hitsIn[bin] / count,
    })),
  };
}

/**
 * Returns the quality of predictions by week of the prediction and model version: latest week first, then the newest
 * version. Memory does not grow with the number of predictions.
 */
export async function weekQualities(
  judged: AsyncIterable<readonly JudgedPrediction[]>,
): Promise<readonly WeekQuality[]> {
  const all = new Map<string, Sums>();
  for await (const batch of judged) {
    for (const prediction of batch) {
      const startsAt = weekStart(prediction.predictedAt);
      const key = JSON.stringify([startsAt, prediction.modelVersion]);
      const sums = all.get(key) ?? emptySums(startsAt, prediction.modelVersion);
      all.set(key, sums);
      add(sums, prediction);
    }
  }
  return [...all.values()]
    .sort((a, b) => b.startsAt - a.startsAt || (a.modelVersion < b.modelVersion ? 1 : -1))
    .map(qualityOf);
}
