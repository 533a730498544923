import { Field, Float, Int, ObjectType } from 'type-graphql';
import type { CalibrationBin, WeekQuality } from '../../serving/nextAction/modelQuality';
import { dateTimeScalar } from '../scalars/dateTime';

/** Whether what was said to be so sure came so often. */
@ObjectType('CalibrationBin', {
  simpleResolvers: true,
  description: 'Predictions that were about so sure of the likeliest action, and how often it came.',
})
export class CalibrationBinType {
  @Field(() => Float, { description: 'The likeliest action was surer than this.' })
  readonly above!: number;

  @Field(() => Float, { description: 'The likeliest action was at most so sure.' })
  readonly upTo!: number;

  @Field(() => Int, { description: 'How many predictions.' })
  readonly predictions!: number;

  @Field(() => Float, { nullable: true, description: 'How sure they were on average; null without any.' })
  readonly meanProbability!: number | null;

  @Field(() => Float, { nullable: true, description: 'Share that came true; null without any.' })
  readonly accuracy!: number | null;
}

/** How good one version was in one week. */
@ObjectType('ModelQuality', {
  simpleResolvers: true,
  description:
    'How good the predictions of one model version in one week turned out to be. Sums over all shoppers: it tells of none of them.',
})
export class ModelQualityType {
  @Field(() => String, { description: 'The week by ISO 8601, like `2026-W48`.' })
  readonly week!: string;

  @Field(() => dateTimeScalar, { description: 'Its Monday, 00:00 UTC.' })
  readonly startsAt!: number;

  @Field(() => String, { description: 'Version of the model.' })
  readonly modelVersion!: string;

  @Field(() => Int, { description: 'Predictions whose outcome is known by now.' })
  readonly predictions!: number;

  @Field(() => Float, { description: 'Share in which the likeliest action came, 0 to 1.' })
  readonly accuracy!: number;

  @Field(() => Float, { description: 'Mean of -log of the probability of what came; lower is better.' })
  readonly logLoss!: number;

  @Field(() => Float, {
    description:
      'Expected calibration error of the likeliest action, 0 to 1: how far sureness is from the truth.',
  })
  readonly ece!: number;

  @Field(() => [CalibrationBinType], { description: 'The same by sureness, ten bins from unsure to sure.' })
  readonly bins!: readonly CalibrationBinType[];
}

const ifKnown = (value: number): number | null => (Number.isNaN(value) ? null : value);

const toBinView = (bin: CalibrationBin): CalibrationBinType => ({
  ...bin,
  meanProbability: ifKnown(bin.meanProbability),
  accuracy: ifKnown(bin.accuracy),
});

/** What the schema shows of a week. */
export const toQualityView = ({ bins, ...quality }: WeekQuality): ModelQualityType => ({
  ...quality,
  bins: bins.map(toBinView),
});
