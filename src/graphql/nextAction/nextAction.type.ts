import { Field, Float, ID, ObjectType } from 'type-graphql';
import { type ActionPrediction, isNextAction, type NextAction } from '../../domain/prediction';
import type { DegradedReason } from '../../domain/recommendation';
import type { NextActionAnswer } from '../../serving/nextAction/nextAction';
import { connectionTypes } from '../paging/connection';
import { degradedReasonEnum } from '../recommendation/recommendation.enums';
import { dateTimeScalar } from '../scalars/dateTime';
import { nextActionEnum } from './nextAction.enums';

/** How likely one thing is. */
@ObjectType({ simpleResolvers: true, description: 'How likely a shopper does something next.' })
export class ActionProbability {
  @Field(() => nextActionEnum, { description: 'What they do.' })
  readonly action!: NextAction;

  @Field(() => Float, { description: '0 to 1; those of all actions sum to 1.' })
  readonly probability!: number;
}

/** Whether somebody comes back. */
@ObjectType({
  simpleResolvers: true,
  description:
    'How likely a shopper comes back after the end of this session, whenever that is: the days count from there, not from now.',
})
export class ReturnProbability {
  @Field(() => Float, { description: 'Within a day of the end of the session, 0 to 1.' })
  readonly within1Day!: number;

  @Field(() => Float, { description: 'Within 7 days of the end of the session, 0 to 1.' })
  readonly within7Days!: number;

  @Field(() => Float, { description: 'Within 30 days of the end of the session, 0 to 1.' })
  readonly within30Days!: number;
}

/** What was said of a shopper after an event. */
@ObjectType('NextActionPrediction', {
  simpleResolvers: true,
  description: 'What was said of a shopper after an event, and what came true of it.',
})
export class NextActionPredictionType {
  @Field(() => ID, {
    description:
      'Id of the prediction: the same for the same event and model version, however often it is asked for.',
  })
  readonly predictionId!: string;

  @Field(() => [ActionProbability], { description: 'Every action, the likeliest first.' })
  readonly actions!: readonly ActionProbability[];

  @Field(() => nextActionEnum, { description: 'The likeliest action.' })
  readonly likeliest!: NextAction;

  @Field(() => Float, {
    nullable: true,
    description:
      'Minutes from the latest event (`lastEventAt`), not from now, to the next event, if one comes in this session; null where that is not known.',
  })
  readonly expectedMinutes!: number | null;

  @Field(() => Float, { description: 'How likely something is bought in this session from here on, 0 to 1.' })
  readonly purchaseProbability!: number;

  @Field(() => Float, {
    nullable: true,
    description:
      'How likely the open cart is left as it is when the session ends, 0 to 1; null when the cart is empty.',
  })
  readonly abandonmentRisk!: number | null;

  @Field(() => ReturnProbability, {
    description: 'How likely they come back, counted from the end of this session.',
  })
  readonly returnProbability!: ReturnProbability;

  @Field(() => String, { description: 'Version of the model that said so.' })
  readonly modelVersion!: string;

  @Field(() => dateTimeScalar, { description: 'When it was said.' })
  readonly predictedAt!: number;

  @Field(() => dateTimeScalar, { description: 'When the latest event was that was known then.' })
  readonly lastEventAt!: number;

  @Field(() => nextActionEnum, {
    nullable: true,
    description: 'What they did; null until the next event, or half an hour without one, has told.',
  })
  readonly outcome!: NextAction | null;

  @Field(() => dateTimeScalar, { nullable: true, description: 'When that was clear; null before.' })
  readonly outcomeAt!: number | null;

  @Field(() => dateTimeScalar, { description: 'Until when it is kept.' })
  readonly expiresAt!: number;
}

/** Pages of predictions. */
export const { Connection: NextActionPredictionConnection } = connectionTypes(
  'NextActionPrediction',
  () => NextActionPredictionType,
  'prediction',
);

/** A category the next event may be of. */
@ObjectType({
  simpleResolvers: true,
  description: 'How likely the next event is about a product of a category.',
})
export class CategoryProbability {
  @Field(() => [String], { description: 'The category, from the root down.' })
  readonly path!: readonly string[];

  @Field(() => Float, {
    description: '0 to 1, given that an event with a known category comes in this session.',
  })
  readonly probability!: number;
}

/** What a shopper will do next, or why nothing is said. */
@ObjectType('NextActionAnswer', {
  simpleResolvers: true,
  description: 'What a shopper will do next, or why nothing is said of it.',
})
export class NextActionAnswerType {
  @Field(() => NextActionPredictionType, {
    nullable: true,
    description: 'What comes after their latest event; null where `degraded` says why nothing is said.',
  })
  readonly prediction!: NextActionPredictionType | null;

  @Field(() => [CategoryProbability], {
    description: 'The likeliest categories of the next event, best first; empty where nothing is known.',
  })
  readonly categories!: readonly CategoryProbability[];

  @Field(() => String, {
    nullable: true,
    description:
      'Which forecaster answered (`network`, or the baseline that was better); null without a prediction.',
  })
  readonly servedBy!: string | null;

  @Field(() => Boolean, {
    description:
      'Whether the session of their latest event may still go on: less than half an hour has passed. Only then the prediction is kept and its outcome filled in.',
  })
  readonly isSessionOpen!: boolean;

  @Field(() => degradedReasonEnum, {
    nullable: true,
    description: 'Why there is no prediction; null when there is one.',
  })
  readonly degraded!: DegradedReason | null;
}

/** Every action that the prediction names, the likeliest first; names that this version does not know are left out. */
const probabilitiesOf = ({ actionNames, actions }: ActionPrediction): readonly ActionProbability[] =>
  actionNames
    .flatMap((action, place) => (isNextAction(action) ? [{ action, probability: actions[place] }] : []))
    .sort((a, b) => b.probability - a.probability);

/** What the schema shows of a prediction. */
export function toPredictionView(prediction: ActionPrediction): NextActionPredictionType {
  const { id, purchase, abandonment, returnWithin, eventAt, outcome } = prediction;
  const { expectedMinutes, modelVersion, predictedAt, expiresAt } = prediction;
  const actions = probabilitiesOf(prediction);
  const [within1Day, within7Days, within30Days] = returnWithin;
  return {
    predictionId: id,
    actions,
    likeliest: actions[0].action,
    purchaseProbability: purchase,
    abandonmentRisk: abandonment,
    returnProbability: { within1Day, within7Days, within30Days },
    lastEventAt: eventAt,
    outcome: outcome?.action ?? null,
    outcomeAt: outcome?.at ?? null,
    ...{ expectedMinutes, modelVersion, predictedAt, expiresAt },
  };
}

/** What the schema shows of an answer. */
export function toAnswerView({ forecast, degraded }: NextActionAnswer): NextActionAnswerType {
  if (forecast === null)
    return { prediction: null, categories: [], servedBy: null, isSessionOpen: false, degraded };
  const { prediction, ...rest } = forecast;
  return { prediction: toPredictionView(prediction), ...rest, degraded };
}
