import { Field, Float, Int, ObjectType } from 'type-graphql';
import { type CampaignReport, minArmShoppers } from '../../campaigns/report/campaignReport';
import type { ArmFigures, CampaignMeasurement, MeasuredEffect } from '../../campaigns/report/measureCampaign';
import { dateTimeScalar } from '../scalars/dateTime';
import { safeIntScalar } from '../scalars/safeInt';

/** An estimate with the bounds of its interval. */
@ObjectType('CampaignEstimate', {
  simpleResolvers: true,
  description:
    'An estimate with a 95 % interval that is valid at every reading: it may be read every day, and the campaign may be stopped at any reading.',
})
export class CampaignEstimateType {
  @Field(() => Float, { nullable: true, description: 'The estimate. Null when it cannot be told.' })
  readonly estimate!: number | null;

  @Field(() => Float, { nullable: true, description: 'Lower bound. Null when there is none.' })
  readonly low!: number | null;

  @Field(() => Float, { nullable: true, description: 'Upper bound. Null when there is none.' })
  readonly high!: number | null;
}

/** Figures of one arm. */
@ObjectType('CampaignArmFigures', { simpleResolvers: true, description: 'What the shoppers of one arm did.' })
export class CampaignArmFiguresType {
  @Field(() => Int, { description: 'Number of shoppers.' })
  readonly shoppers!: number;

  @Field(() => Int, { description: 'Number of shoppers who did what the campaign is to bring.' })
  readonly conversions!: number;

  @Field(() => Float, { description: 'Conversions per shopper, 0 to 1.' })
  readonly conversionRate!: number;

  @Field(() => safeIntScalar, { description: 'Revenue attributed to the campaign, in minor units.' })
  readonly revenueMinor!: number;
}

/** What a campaign brought. */
@ObjectType('CampaignReport', {
  simpleResolvers: true,
  description:
    'What a campaign brought: shoppers who were contacted against those held out at random. Shoppers who withdrew ANALYTICS are in neither.',
})
export class CampaignReportType {
  @Field(() => dateTimeScalar, { description: 'When it was measured.' })
  readonly measuredAt!: number;

  @Field(() => Int, { description: 'Number of days after a contact in which outcomes count.' })
  readonly windowDays!: number;

  @Field(() => String, {
    nullable: true,
    description:
      'Why nothing can be told: what was expected, what was found, and what to do. Null otherwise.',
  })
  readonly problem!: string | null;

  @Field(() => CampaignArmFiguresType, {
    nullable: true,
    description: 'Shoppers who were contacted. Null when `problem` is given.',
  })
  readonly treatment!: CampaignArmFiguresType | null;

  @Field(() => CampaignArmFiguresType, {
    nullable: true,
    description: 'Shoppers of the hold-out. Null when `problem` is given.',
  })
  readonly holdout!: CampaignArmFiguresType | null;

  @Field(() => CampaignEstimateType, {
    nullable: true,
    description:
      'Conversions per contacted shopper that the campaign added, adjusted by what shoppers spent before (CUPED).',
  })
  readonly conversionEffect!: CampaignEstimateType | null;

  @Field(() => CampaignEstimateType, {
    nullable: true,
    description: 'Relative change of the conversion rate: 0.1 is 10 % more than without the campaign.',
  })
  readonly lift!: CampaignEstimateType | null;

  @Field(() => CampaignEstimateType, {
    nullable: true,
    description: 'Revenue per contacted shopper that the campaign added, in minor units, adjusted likewise.',
  })
  readonly revenueEffectMinor!: CampaignEstimateType | null;

  @Field(() => CampaignEstimateType, {
    nullable: true,
    description: 'Conversions that the campaign added among all contacted shoppers.',
  })
  readonly incrementalConversions!: CampaignEstimateType | null;

  @Field(() => safeIntScalar, {
    nullable: true,
    description: 'Cost of contacts and of redeemed offers, in minor units.',
  })
  readonly costMinor!: number | null;

  @Field(() => CampaignEstimateType, {
    nullable: true,
    description:
      'Cost per added conversion, in minor units. Without an upper bound, the campaign may have added none.',
  })
  readonly costPerIncrementalConversionMinor!: CampaignEstimateType | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Probability of arms as unequal as these, if shoppers were drawn with the stated hold-out; valid at every reading. Below 0.001, shoppers are missing from an arm: do not trust the effects.',
  })
  readonly sampleRatioPValue!: number | null;
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

const estimateOf = (estimate: number, low: number, high: number, times = 1): CampaignEstimateType => ({
  estimate: finite(estimate * times),
  low: finite(low * times),
  high: finite(high * times),
});

const effectView = ({ effect, low, high }: MeasuredEffect, times = 1): CampaignEstimateType =>
  estimateOf(effect, low, high, times);

const armView = ({
  shoppers,
  conversions,
  conversionRate,
  revenueMinor,
}: ArmFigures): CampaignArmFiguresType => ({
  shoppers,
  conversions,
  conversionRate,
  revenueMinor,
});

type Measured = Omit<CampaignReportType, 'measuredAt' | 'windowDays' | 'problem'>;

const unknown: Measured = {
  treatment: null,
  holdout: null,
  conversionEffect: null,
  lift: null,
  revenueEffectMinor: null,
  incrementalConversions: null,
  costMinor: null,
  costPerIncrementalConversionMinor: null,
  sampleRatioPValue: null,
};

function measuredView(measured: CampaignMeasurement): Measured {
  const { treated, heldOut, conversion, revenue, lift, costPerIncrementalConversion: cost } = measured;
  return {
    treatment: armView(treated),
    holdout: armView(heldOut),
    conversionEffect: effectView(conversion),
    lift: estimateOf(lift.ratio, lift.low, lift.high),
    revenueEffectMinor: effectView(revenue),
    incrementalConversions: effectView(conversion, treated.shoppers),
    costMinor: Math.round(measured.costMinor),
    costPerIncrementalConversionMinor: estimateOf(cost.ratio, cost.low, cost.high),
    sampleRatioPValue: measured.sampleRatio,
  };
}

/** Converts a report to its GraphQL type. */
export function toCampaignReportView(report: CampaignReport, measuredAt: number): CampaignReportType {
  const { windowDays, treatedShoppers, heldOutShoppers, measurement } = report;
  if (measurement !== null) return { ...measuredView(measurement), measuredAt, windowDays, problem: null };
  const problem =
    `Expected a hold-out between 0 and 1, and at least ${minArmShoppers} shoppers who were contacted and as many who were held out; ` +
    `got ${treatedShoppers} and ${heldOutShoppers}. Wait for more contacts, or launch campaigns with a hold-out: without one nobody can tell what they brought.`;
  return { ...unknown, measuredAt, windowDays, problem };
}
