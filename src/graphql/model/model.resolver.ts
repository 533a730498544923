import { Args, Ctx, Query, Resolver } from 'type-graphql';
import type { LiveModelStatus, RefusedModelStatus } from '../../serving/live/status';
import { type Connection, toConnection } from '../paging/connection';
import { PageArgs, pageRequest } from '../paging/pageArgs';
import type { GraphqlContext } from '../request/context';
import { ModelArtifact, ModelArtifactConnection, ModelReadiness, toModelArtifactView } from './model.type';

const notReady = { isReady: false, version: null, publishedAt: null, metrics: null, refused: null } as const;

function readinessOf(
  names: readonly string[],
  live: readonly LiveModelStatus[],
  refused: readonly RefusedModelStatus[],
): readonly ModelReadiness[] {
  const liveByName = new Map(live.map(status => [status.model, status]));
  const codeByName = new Map(refused.map(({ model, code }) => [model, code]));
  return names.map(model => {
    const status = liveByName.get(model);
    const base = status === undefined ? notReady : { ...status, isReady: true };
    return { ...base, model, refused: codeByName.get(model) ?? null };
  });
}

/** Resolvers of models. */
@Resolver(() => ModelArtifact)
export class ModelResolver {
  @Query(() => ModelArtifactConnection, { description: 'Trained models of the shop, newest first.' })
  async models(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { services, principal }: GraphqlContext,
  ): Promise<Connection<ModelArtifact>> {
    const request = pageRequest('models', args);
    return toConnection({
      kind: 'models',
      page: await services.stores.artifacts.page(principal.shopId, request),
      isFirstPage: request.after === undefined,
      cursorOf: ({ createdAt, id }) => ({ at: createdAt, id }),
      nodeOf: toModelArtifactView,
    });
  }

  @Query(() => [ModelReadiness], {
    description: 'All models of the gateway, and whether each serves this shop.',
  })
  modelReadiness(@Ctx() { services, principal }: GraphqlContext): readonly ModelReadiness[] {
    const { recommender, modelNames } = services;
    const { shopId } = principal;
    return readinessOf(modelNames, recommender.status(shopId), recommender.refusals(shopId));
  }
}
