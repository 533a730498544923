import { Field, Float, ID, ObjectType } from 'type-graphql';
import { type ActionPrediction, isNextAction, type NextAction } from '../../domain/prediction';
import type { DegradedReason } from '../../domain/recommendation';
import type { NextActionAnswer } from '../../serving/nextAction/nextAction';
import { connectionTypes } from '../paging/connection';
import { degradedReasonEnum } from '../recommendation/recommendation.enums';
import { dateTimeScalar } from '../scalars/dateTime';
import { nextActionEnum } from './nextAction.enums';

/** Probability of one next action. */
@ObjectType({ simpleResolvers: true, description: 'Probability of one next action.' })
export class ActionProbability {
  @Field(() => nextActionEnum, { description: 'The action.' })
  readonly action!: NextAction;

  @Field(() => Float, { description: 'Probability, 0 to 1. The probabilities of all actions sum to 1.' })
  readonly probability!: number;
}

/** Probability that a shopper returns. */
@ObjectType({
  simpleResolvers: true,
  description:
    'Probability that the shopper returns after the session ends. Days count from the end of the session, not from now.',
})
export class ReturnProbability {
  @Field(() => Float, {
    description: 'Probability of a return within 1 day of the end of the session, 0 to 1.',
  })
  readonly within1Day!: number;

  @Field(() => Float, {
    description: 'Probability of a return within 7 days of the end of the session, 0 to 1.',
  })
  readonly within7Days!: number;

  @Field(() => Float, {
    description: 'Probability of a return within 30 days of the end of the session, 0 to 1.',
  })
  readonly within30Days!: number;
}

/** A prediction of what a shopper does after an event, and its outcome. */
@ObjectType('NextActionPrediction', {
  simpleResolvers: true,
  description: 'A prediction of what a shopper does after an event, and its outcome.',
})
export class NextActionPredictionType {
  @Field(() => ID, {
    description: 'Id of the prediction. Requests for the same event and model version return the same id.',
  })
  readonly predictionId!: string;

  @Field(() => [ActionProbability], {
    description:
      'All actions, likeliest first. Where every session is one order, as in an import of invoices, LEAVE is near 1 after each: then read `returnProbability`.',
  })
  readonly actions!: readonly ActionProbability[];

  @Field(() => nextActionEnum, { description: 'The likeliest action.' })
  readonly likeliest!: NextAction;

  @Field(() => Float, {
    nullable: true,
    description:
      'Expected minutes from the latest event (`lastEventAt`), not from now, to the next event, if it occurs in this session. Null when unknown.',
  })
  readonly expectedMinutes!: number | null;

  @Field(() => Float, { description: 'Probability of a purchase in the rest of this session, 0 to 1.' })
  readonly purchaseProbability!: number;

  @Field(() => Float, {
    nullable: true,
    description:
      'Probability that the session ends without a purchase of the open cart, 0 to 1. Null when the cart is empty.',
  })
  readonly abandonmentRisk!: number | null;

  @Field(() => ReturnProbability, {
    description: 'Probability that the shopper returns, counted from the end of this session.',
  })
  readonly returnProbability!: ReturnProbability;

  @Field(() => String, { description: 'Version of the model that made the prediction.' })
  readonly modelVersion!: string;

  @Field(() => dateTimeScalar, { description: 'When the prediction was made.' })
  readonly predictedAt!: number;

  @Field(() => dateTimeScalar, { description: 'When the latest event before the prediction occurred.' })
  readonly lastEventAt!: number;

  @Field(() => nextActionEnum, {
    nullable: true,
    description: 'The action that occurred. Null until the next event, or until 30 minutes pass without one.',
  })
  readonly outcome!: NextAction | null;

  @Field(() => dateTimeScalar, {
    nullable: true,
    description: 'When the outcome became known. Null while it is unknown.',
  })
  readonly outcomeAt!: number | null;

  @Field(() => dateTimeScalar, { description: 'Until when the prediction is stored.' })
  readonly expiresAt!: number;
}

/** Connection of predictions. */
export const { Connection: NextActionPredictionConnection } = connectionTypes(
  'NextActionPrediction',
  () => NextActionPredictionType,
  'prediction',
);

/** Probability that the next event is about a product of a category. */
@ObjectType({
  simpleResolvers: true,
  description: 'Probability that the next event is about a product of a category.',
})
export class CategoryProbability {
  @Field(() => [String], { description: 'The category path, from the root.' })
  readonly path!: readonly string[];

  @Field(() => Float, {
    description: 'Probability, 0 to 1, given that an event with a known category follows in this session.',
  })
  readonly probability!: number;
}

/** The predicted next action of a shopper, or why there is no prediction. */
@ObjectType('NextActionAnswer', {
  simpleResolvers: true,
  description: 'The predicted next action of a shopper, or why there is no prediction.',
})
export class NextActionAnswerType {
  @Field(() => NextActionPredictionType, {
    nullable: true,
    description: 'Prediction after the latest event. Null when there is none; `degraded` gives the reason.',
  })
  readonly prediction!: NextActionPredictionType | null;

  @Field(() => [CategoryProbability], {
    description: 'Likeliest categories of the next event, likeliest first. Empty when unknown.',
  })
  readonly categories!: readonly CategoryProbability[];

  @Field(() => String, {
    nullable: true,
    description:
      'Forecaster that made the prediction: `network`, or the baseline that was better in evaluation. Null without a prediction.',
  })
  readonly servedBy!: string | null;

  @Field(() => Boolean, {
    description:
      'Whether less than 30 minutes have passed since the latest event. Only then is the prediction stored and compared with its outcome.',
  })
  readonly isSessionOpen!: boolean;

  @Field(() => degradedReasonEnum, {
    nullable: true,
    description: 'Why there is no prediction. Null when there is one.',
  })
  readonly degraded!: DegradedReason | null;
}

/** Returns the actions that the prediction names, likeliest first. Names that this version does not know are omitted. */
const probabilitiesOf = ({ actionNames, actions }: ActionPrediction): readonly ActionProbability[] =>
  actionNames
    .flatMap((action, place) => (isNextAction(action) ? [{ action, probability: actions[place] }] : []))
    .sort((a, b) => b.probability - a.probability);

/** Converts a prediction to its GraphQL type. */
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

/** Converts the result of serving to its GraphQL type. */
export function toAnswerView({ forecast, degraded }: NextActionAnswer): NextActionAnswerType {
  if (forecast === null)
    return { prediction: null, categories: [], servedBy: null, isSessionOpen: false, degraded };
  const { prediction, ...rest } = forecast;
  return { prediction: toPredictionView(prediction), ...rest, degraded };
}
