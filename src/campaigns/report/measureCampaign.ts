// What a campaign brought: shoppers who were addressed against those held out at random. Every interval may be read every
// day (experiments/confidenceSequence.ts): its width counts the conversions so far against those that the plan expected.

import { cuped } from '../../experiments/adjusted';
import { alwaysValidWidth } from '../../experiments/confidenceSequence';
import { type Effect, type Interval, intervalOf } from '../../experiments/effect';
import { momentsOf, type PairMoments, pairMomentsOf } from '../../experiments/moments';
import { costPerConversion, liftOf, type RatioEstimate } from '../../experiments/ratio';
import { sequentialSampleRatio } from '../../experiments/sampleRatio';
import { calibrationErrorOf } from '../../numeric/classification';

/** Shoppers of a launched campaign, of both arms, one entry each in every array. */
export interface CampaignUnits {
  /** 1: addressed; 0: held out. */
  readonly isTreated: Uint8Array;
  /** 1 where the shopper converted after the contact, within the attribution window. */
  readonly converted: Uint8Array;
  /** Revenue in that time, in minor units. */
  readonly revenueMinor: Float64Array;
  /** Revenue before the campaign, in minor units: it explains part of the differences between shoppers. */
  readonly revenueBeforeMinor: Float64Array;
  /** Cost of the contact and of what was redeemed, in minor units; 0 for those held out. */
  readonly costMinor: Float64Array;
  /** Predicted probability of a conversion after a contact; NaN without a prediction. */
  readonly predicted: Float64Array;
}

/** How the campaign was launched. */
export interface LaunchFacts {
  /** Share of the shoppers held out, above 0 and below 1. */
  readonly holdoutRate: number;
  /** Conversions of both arms that the plan expected, > 0: the intervals are narrowest there. */
  readonly plannedConversions: number;
  /** Confidence of the intervals, above 0 and below 1. */
  readonly confidence: number;
}

/** One arm as it is. */
export interface ArmFigures {
  readonly shoppers: number;
  readonly conversions: number;
  /** NaN without shoppers. */
  readonly conversionRate: number;
  readonly revenueMinor: number;
}

/** An effect per shopper with its interval. */
export interface MeasuredEffect extends Effect, Interval {
  /** Share of the variance that behaviour before the campaign removed; 0 where it removed none. */
  readonly varianceRemoved: number;
}

/** What a campaign brought. */
export interface CampaignMeasurement {
  readonly treated: ArmFigures;
  readonly heldOut: ArmFigures;
  /** Addressed minus held out, in conversions per shopper. */
  readonly conversion: MeasuredEffect;
  /** Relative change of the conversion rate. */
  readonly lift: RatioEstimate;
  /** Addressed minus held out, in minor units per shopper. */
  readonly revenue: MeasuredEffect;
  readonly costMinor: number;
  readonly costPerIncrementalConversion: RatioEstimate;
  /** Mean predicted probability of those addressed, and the expected calibration error; NaN without predictions. */
  readonly predictedRate: number;
  readonly calibrationError: number;
  /** p-value of the intended shares of the arms, which may be read at any time. Small: do not trust the effects. */
  readonly sampleRatio: number;
}

const unknown: MeasuredEffect = {
  effect: Number.NaN,
  standardError: Number.NaN,
  low: Number.NEGATIVE_INFINITY,
  high: Number.POSITIVE_INFINITY,
  varianceRemoved: 0,
};

/** Entries of an array that belong to one arm. */
const ofArm = (values: ArrayLike<number>, isTreated: Uint8Array, arm: 0 | 1): Float64Array => {
  const own = new Float64Array(values.length);
  let length = 0;
  for (let unit = 0; unit < values.length; unit++) if (isTreated[unit] === arm) own[length++] = values[unit];
  return own.subarray(0, length);
};

function figuresOf({ isTreated, converted, revenueMinor }: CampaignUnits, arm: 0 | 1): ArmFigures {
  const conversions = momentsOf(ofArm(converted, isTreated, arm));
  const revenue = momentsOf(ofArm(revenueMinor, isTreated, arm));
  const { count, mean } = conversions;
  if (count === 0) return { shoppers: 0, conversions: 0, conversionRate: Number.NaN, revenueMinor: 0 };
  return {
    shoppers: count,
    conversions: Math.round(mean * count),
    conversionRate: mean,
    revenueMinor: Math.round(revenue.mean * count),
  };
}

/** Returns an effect adjusted by what shoppers spent before, with an interval; unknown while it has no standard error. */
function effectOf([treated, heldOut]: readonly [PairMoments, PairMoments], width: number): MeasuredEffect {
  const { effect, standardError, varianceRemoved } = cuped(treated, heldOut);
  if (!(standardError > 0)) return unknown;
  return {
    effect,
    standardError,
    ...intervalOf({ effect, standardError }, width),
    varianceRemoved: Math.max(0, varianceRemoved),
  };
}

/** Pairs of an outcome and what shoppers spent before the campaign, per arm: addressed, then held out. */
const pairsOf = (
  { isTreated, revenueBeforeMinor }: CampaignUnits,
  outcomes: ArrayLike<number>,
): readonly [PairMoments, PairMoments] => {
  const pairOf = (arm: 0 | 1): PairMoments =>
    pairMomentsOf(ofArm(outcomes, isTreated, arm), ofArm(revenueBeforeMinor, isTreated, arm));
  return [pairOf(1), pairOf(0)];
};

/** Mean prediction and calibration error of those addressed who have a prediction. */
function calibrationOf({
  isTreated,
  converted,
  predicted,
}: CampaignUnits): Pick<CampaignMeasurement, 'predictedRate' | 'calibrationError'> {
  const isKnown = predicted.map((value, unit) => (isTreated[unit] === 1 && !Number.isNaN(value) ? 1 : 0));
  const known = predicted.filter((_, unit) => isKnown[unit] === 1);
  return {
    predictedRate: momentsOf(known).mean,
    calibrationError: calibrationErrorOf(
      known,
      converted.filter((_, unit) => isKnown[unit] === 1),
    ),
  };
}

function checkUnits(units: CampaignUnits, { holdoutRate }: LaunchFacts): void {
  const { length } = units.isTreated;
  const isRight =
    Object.values(units).every((values: ArrayLike<number>) => values.length === length) &&
    holdoutRate > 0 &&
    holdoutRate < 1;
  if (isRight) return;
  throw new RangeError(
    `Expected arrays of ${length} entries and a hold-out between 0 and 1; got a hold-out of ${holdoutRate} or other lengths.`,
  );
}

/**
 * Measures a launched campaign. Effects are differences of means between the arms, adjusted by revenue before the campaign
 * (CUPED). They are unknown, with infinite intervals, until both arms have two shoppers and somebody converted.
 *
 * @throws {RangeError} on arrays of different lengths, or a hold-out that is not between 0 and 1
 */
export function measureCampaign(units: CampaignUnits, facts: LaunchFacts): CampaignMeasurement {
  checkUnits(units, facts);
  const { isTreated, converted, revenueMinor, costMinor } = units;
  const [treated, heldOut] = [figuresOf(units, 1), figuresOf(units, 0)];
  const observed = treated.conversions + heldOut.conversions;
  const width =
    observed > 0
      ? alwaysValidWidth({ observed, planned: facts.plannedConversions }, facts.confidence)
      : Number.POSITIVE_INFINITY;
  const conversions = pairsOf(units, converted);
  const costs = pairMomentsOf(ofArm(converted, isTreated, 1), ofArm(costMinor, isTreated, 1));
  const isReadable = observed > 0 && Math.min(treated.shoppers, heldOut.shoppers) >= 2;
  const noRatio: RatioEstimate = {
    ratio: Number.NaN,
    low: Number.NEGATIVE_INFINITY,
    high: Number.POSITIVE_INFINITY,
  };
  return {
    treated,
    heldOut,
    conversion: isReadable ? effectOf(conversions, width) : unknown,
    lift: isReadable ? liftOf(conversions[0].outcome, conversions[1].outcome, width) : noRatio,
    revenue: isReadable ? effectOf(pairsOf(units, revenueMinor), width) : unknown,
    costMinor: costMinor.reduce((sum, cost) => sum + cost, 0),
    costPerIncrementalConversion: isReadable
      ? costPerConversion(costs, conversions[1].outcome, width)
      : noRatio,
    ...calibrationOf(units),
    sampleRatio: sequentialSampleRatio({
      counts: [treated.shoppers, heldOut.shoppers],
      shares: [1 - facts.holdoutRate, facts.holdoutRate],
    }),
  };
}
