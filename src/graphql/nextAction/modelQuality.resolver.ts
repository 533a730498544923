import { Arg, Ctx, Int, Query, Resolver } from 'type-graphql';
import { GatewayError } from '../../domain/errors';
import { CostWeight } from '../limits/costWeight';
import type { GraphqlContext } from '../request/context';
import { ModelQualityType, toQualityView } from './modelQuality.type';

const maxWeeks = 104;
/** Models whose predictions are stored and compared with their outcomes. */
const supportedModels: readonly string[] = ['next-action'];

function checkArguments(model: string, weeks: number): void {
  if (!supportedModels.includes(model))
    throw new GatewayError(
      'BAD_USER_INPUT',
      `Expected a model with stored predictions (${supportedModels.join(', ')}); got another. Choose one of these.`,
      { field: 'model' },
    );
  if (weeks >= 1 && weeks <= maxWeeks) return;
  const message = `Expected weeks from 1 to ${maxWeeks}; got ${weeks}. Correct it.`;
  throw new GatewayError('BAD_USER_INPUT', message, { field: 'weeks' });
}

/** Resolvers of model quality. */
@Resolver(() => ModelQualityType)
export class ModelQualityResolver {
  @CostWeight(20)
  @Query(() => [ModelQualityType], {
    description:
      'Quality of live predictions per week and model version, latest week first. It shows whether a model has become worse over time. Weeks without known outcomes are omitted.',
  })
  async modelQuality(
    @Arg('model', () => String, { description: 'Name of the model. Only `next-action` is supported.' })
    model: string,
    @Arg('weeks', () => Int, {
      defaultValue: 8,
      description: 'Number of weeks, including the current one, 1 to 104.',
    })
    weeks: number,
    @Ctx() { services, principal, now }: GraphqlContext,
  ): Promise<readonly ModelQualityType[]> {
    checkArguments(model, weeks);
    const qualities = await services.nextActions.quality(principal.shopId, weeks, now);
    return qualities.map(toQualityView);
  }
}
