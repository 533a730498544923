import { Arg, Ctx, Int, Query, Resolver } from 'type-graphql';
import { GatewayError } from '../../domain/errors';
import { CostWeight } from '../limits/costWeight';
import type { GraphqlContext } from '../request/context';
import { ModelQualityType, toQualityView } from './modelQuality.type';

const mostWeeks = 104;
/** Models whose predictions are kept until their outcome is known. */
const judgedModels: readonly string[] = ['next-action'];

function checkArguments(model: string, weeks: number): void {
  if (!judgedModels.includes(model))
    throw new GatewayError(
      'BAD_USER_INPUT',
      `Expected a model whose outcomes are kept (${judgedModels.join(', ')}); got another. Choose one of these.`,
      { field: 'model' },
    );
  if (weeks >= 1 && weeks <= mostWeeks) return;
  const message = `Expected weeks from 1 to ${mostWeeks}; got ${weeks}. Correct it.`;
  throw new GatewayError('BAD_USER_INPUT', message, { field: 'weeks' });
}

/** Whether models have rotted. */
@Resolver(() => ModelQualityType)
export class ModelQualityResolver {
  @CostWeight(20)
  @Query(() => [ModelQualityType], {
    description:
      'How good live predictions turned out to be, by week and model version, the latest first: a model that has rotted is seen. Weeks without a known outcome are left out.',
  })
  async modelQuality(
    @Arg('model', () => String, { description: 'Name of the model: `next-action`.' }) model: string,
    @Arg('weeks', () => Int, {
      defaultValue: 8,
      description: 'How many weeks back, this one included, 1 to 104.',
    })
    weeks: number,
    @Ctx() { services, principal, now }: GraphqlContext,
  ): Promise<readonly ModelQualityType[]> {
    checkArguments(model, weeks);
    const qualities = await services.nextActions.quality(principal.shopId, weeks, now);
    return qualities.map(toQualityView);
  }
}
