import { Field, Float, Int, ObjectType } from 'type-graphql';
import type { CalibrationBin, WeekQuality } from '../../serving/nextAction/modelQuality';
import { dateTimeScalar } from '../scalars/dateTime';

/** Reliability of predictions in one range of probability. */
@ObjectType('CalibrationBin', {
  simpleResolvers: true,
  description:
    'Predictions whose likeliest action had a probability in one range, and how often that action occurred.',
})
export class CalibrationBinType {
  @Field(() => Float, { description: 'Lower bound of the probability of the likeliest action, exclusive.' })
  readonly above!: number;

  @Field(() => Float, { description: 'Upper bound of the probability of the likeliest action, inclusive.' })
  readonly upTo!: number;

  @Field(() => Int, { description: 'Number of predictions.' })
  readonly predictions!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Mean probability of the likeliest action. Null without predictions.',
  })
  readonly meanProbability!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Share of predictions whose likeliest action occurred. Null without predictions.',
  })
  readonly accuracy!: number | null;
}

/** Quality of one model version in one week. */
@ObjectType('ModelQuality', {
  simpleResolvers: true,
  description: 'Quality of the predictions of one model version in one week, aggregated over all shoppers.',
})
export class ModelQualityType {
  @Field(() => String, { description: 'ISO 8601 week, such as `2026-W48`.' })
  readonly week!: string;

  @Field(() => dateTimeScalar, { description: 'Start of the week: Monday, 00:00 UTC.' })
  readonly startsAt!: number;

  @Field(() => String, { description: 'Version of the model.' })
  readonly modelVersion!: string;

  @Field(() => Int, { description: 'Number of predictions whose outcome is known.' })
  readonly predictions!: number;

  @Field(() => Float, { description: 'Share of predictions whose likeliest action occurred, 0 to 1.' })
  readonly accuracy!: number;

  @Field(() => Float, {
    description: 'Mean of -ln of the probability of the action that occurred. Lower is better.',
  })
  readonly logLoss!: number;

  @Field(() => Float, {
    description: 'Expected calibration error of the likeliest action, 0 to 1. Lower is better.',
  })
  readonly ece!: number;

  @Field(() => [CalibrationBinType], {
    description: 'Reliability per range of probability, in ten bins of increasing probability.',
  })
  readonly bins!: readonly CalibrationBinType[];
}

const ifKnown = (value: number): number | null => (Number.isNaN(value) ? null : value);

const toBinView = (bin: CalibrationBin): CalibrationBinType => ({
  ...bin,
  meanProbability: ifKnown(bin.meanProbability),
  accuracy: ifKnown(bin.accuracy),
});

/** Converts the quality of one week to its GraphQL type. */
export const toQualityView = ({ bins, ...quality }: WeekQuality): ModelQualityType => ({
  ...quality,
  bins: bins.map(toBinView),
});
