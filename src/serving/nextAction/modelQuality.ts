import { lossOfProbability, mostLikelyClass } from '../../numeric/classification';
import type { JudgedPrediction } from '../../store/ports/prediction';

/** Predictions that were so sure of the likeliest action, and how often it came. */
export interface CalibrationBin {
  /** Probability of the likeliest action: over `above`, up to `upTo`. */
  readonly above: number;
  readonly upTo: number;
  readonly predictions: number;
  /** Mean probability of the likeliest action; NaN without predictions. */
  readonly meanProbability: number;
  /** Share that came true; NaN without predictions. */
  readonly accuracy: number;
}

/** How good one version was in one week. Nothing in it names a shopper. */
export interface WeekQuality {
  /** Like 2026-W48. */
  readonly week: string;
  /** Monday 00:00 UTC, milliseconds since the epoch. */
  readonly startsAt: number;
  readonly modelVersion: string;
  /** Predictions whose outcome is known. */
  readonly predictions: number;
  /** Share in which the likeliest action came. */
  readonly accuracy: number;
  /** Mean of -log of the probability of what came. */
  readonly logLoss: number;
  /** Expected calibration error of the likeliest action (Guo et al. 2017, eq. 3), of {@link CalibrationBin}s. */
  readonly ece: number;
  /** From unsure to sure, always as many. */
  readonly bins: readonly CalibrationBin[];
}

const binCount = 10;
const msPerDay = 86_400_000;
const msPerWeek = 7 * msPerDay;
/** 1 January 1970 was a Thursday: Mondays are three days before whole weeks since then. */
const mondayShiftMs = 3 * msPerDay;

/** Monday 00:00 UTC of the week that an instant lies in, milliseconds since the epoch. */
export const weekStart = (at: number): number =>
  Math.floor((at + mondayShiftMs) / msPerWeek) * msPerWeek - mondayShiftMs;

/** Name of a week by ISO 8601: the first of a year is the one with its first Thursday. */
function weekName(startsAt: number): string {
  const thursday = new Date(startsAt + 3 * msPerDay);
  const year = thursday.getUTCFullYear();
  const number = 1 + Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / msPerWeek);
  return `${year}-W${String(number).padStart(2, '0')}`;
}

/** Sums of one week and version. */
interface Sums {
  readonly startsAt: number;
  readonly modelVersion: string;
  hits: number;
  loss: number;
  readonly counts: Float64Array;
  readonly sureness: Float64Array;
  readonly hitsIn: Float64Array;
}

const emptySums = (startsAt: number, modelVersion: string): Sums => ({
  ...{ startsAt, modelVersion, hits: 0, loss: 0 },
  counts: new Float64Array(binCount),
  sureness: new Float64Array(binCount),
  hitsIn: new Float64Array(binCount),
});

/** An outcome that the prediction did not name counts as predicted with probability 0. */
function add(sums: Sums, { actionNames, actions, outcome }: JudgedPrediction): void {
  const label = actionNames.indexOf(outcome.action);
  const said = mostLikelyClass({ classes: actions.length, probabilities: actions, labels: [label] }, 0);
  const sureness = actions[said];
  // Bins are (low, high], as everywhere else; 0 falls in the first.
  const bin = Math.min(binCount - 1, Math.max(0, Math.ceil(sureness * binCount) - 1));
  const isHit = Number(said === label);
  sums.hits += isHit;
  sums.loss += lossOfProbability(label < 0 ? 0 : actions[label]);
  sums.counts[bin]++;
  sums.sureness[bin] += sureness;
  sums.hitsIn[bin] += isHit;
}

function qualityOf({ startsAt, modelVersion, hits, loss, counts, sureness, hitsIn }: Sums): WeekQuality {
  const predictions = counts.reduce((sum, count) => sum + count, 0);
  const surplus = sureness.reduce((sum, sure, bin) => sum + Math.abs(sure - hitsIn[bin]), 0);
  return {
    ...{ week: weekName(startsAt), startsAt, modelVersion, predictions },
    accuracy: hits / predictions,
    logLoss: loss / predictions,
    ece: surplus / predictions,
    bins: Array.from(counts, (count, bin) => ({
      above: bin / binCount,
      upTo: (bin + 1) / binCount,
      predictions: count,
      meanProbability: sureness[bin] / count,
      accuracy: hitsIn[bin] / count,
    })),
  };
}

/**
 * How good predictions of the next action were, by week of the prediction and model version: latest week first, then the
 * newest version. Holds sums only, however many predictions there are.
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
