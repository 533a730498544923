import { differenceOfMeans, fixedHorizonWidth, intervalOf } from '../../experiments/effect';
import { type Moments, momentsOfCounts } from '../../experiments/moments';
import { detectableEffect } from '../../experiments/power';
import { liftOf } from '../../experiments/ratio';
import type { TreatedRows } from '../../insights/uplift/learner';
import type { Interval } from '../sample';

/** The effect of an experiment on all its rows. */
export interface AverageEffect extends Interval {
  /** Difference of the shares with the outcome; `low` and `high` are its 95 % interval. */
  readonly effect: number;
  /** Shares of rows with the outcome. */
  readonly treatedRate: number;
  readonly controlRate: number;
  /** Treated share / control share - 1, with its interval. */
  readonly lift: number;
  readonly liftInterval: Interval;
  /** Least effect that an experiment of this size finds with a power of 80 %. */
  readonly detectable: number;
}

/** Returns the average effect with 95 % intervals for one reading. */
export function averageEffectOf({ labels, treated }: Omit<TreatedRows, 'table'>): AverageEffect {
  const momentsOfArm = (arm: number): Moments => {
    const own = labels.filter((_, row) => treated[row] === arm);
    return momentsOfCounts(
      own.reduce((sum, label) => sum + label, 0),
      own.length,
    );
  };
  const [control, given] = [momentsOfArm(0), momentsOfArm(1)];
  const width = fixedHorizonWidth();
  const difference = differenceOfMeans(given, control);
  const { ratio, low, high } = liftOf(given, control, width);
  return {
    effect: difference.effect,
    ...intervalOf(difference, width),
    treatedRate: given.mean,
    controlRate: control.mean,
    lift: ratio,
    liftInterval: { low, high },
    detectable: detectableEffect(labels.length, {
      treatedVariance: given.variance,
      controlVariance: control.variance,
      treatedShare: given.count / labels.length,
    }),
  };
}
