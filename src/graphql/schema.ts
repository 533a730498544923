import 'reflect-metadata';
import { type GraphQLSchema, isInterfaceType } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import { ApiKeyResolver } from './apiKey/apiKey.resolver';
import { CampaignResolver, OfferResolver } from './campaign/campaign.resolver';
import { ConsentResolver } from './consent/consent.resolver';
import { EventResolver } from './event/event.resolver';
import { InteractionResolver } from './interaction/interaction.resolver';
import {
  InterestTagProductResolver,
  InterestTagResolver,
  InterestTagUserResolver,
} from './interestTag/interestTag.resolver';
import { InterestTagEditResolver } from './interestTag/interestTagEdit.resolver';
import {
  InterestEvidenceResolver,
  ProductInterestResolver,
  UserInterestConnectionResolver,
  UserInterestResolver,
} from './interestTag/userInterest.resolver';
import { ModelResolver } from './model/model.resolver';
import { ModelQualityResolver } from './nextAction/modelQuality.resolver';
import { NextActionResolver } from './nextAction/nextAction.resolver';
import type { NodeKind } from './node/globalId';
import { NodeResolver } from './node/node.resolver';
import { ProductConnectionResolver, ProductResolver } from './product/product.resolver';
import { ProductUpsertResolver } from './product/productUpsert.resolver';
import { RecommendationListResolver, RecommendationResolver } from './recommendation/recommendation.resolver';
import { ShopResolver } from './shop/shop.resolver';
import { TrainingResolver } from './training/training.resolver';
import { UserConnectionResolver, UserResolver } from './user/user.resolver';
import { UserUpsertResolver } from './user/userUpsert.resolver';
import { ViewerResolver } from './viewer/viewer.resolver';

const rootDescriptions = {
  Query: 'What can be read. Everything is seen within the shop of the credential.',
  Mutation: 'What can be changed. A payload whose `userErrors` is empty was committed.',
} as const;

/** The whole schema. `schema.graphql` is this, printed; a test holds the two together. */
export function buildGatewaySchema(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [
      ApiKeyResolver,
      CampaignResolver,
      ConsentResolver,
      EventResolver,
      InteractionResolver,
      InterestEvidenceResolver,
      InterestTagEditResolver,
      InterestTagProductResolver,
      InterestTagResolver,
      InterestTagUserResolver,
      ModelQualityResolver,
      ModelResolver,
      NextActionResolver,
      NodeResolver,
      OfferResolver,
      ProductConnectionResolver,
      ProductInterestResolver,
      ProductResolver,
      ProductUpsertResolver,
      RecommendationListResolver,
      RecommendationResolver,
      ShopResolver,
      TrainingResolver,
      UserConnectionResolver,
      UserInterestConnectionResolver,
      UserInterestResolver,
      UserResolver,
      UserUpsertResolver,
      ViewerResolver,
    ],
    validate: false,
    disableInferringDefaultValues: true,
  });
  for (const type of [schema.getQueryType(), schema.getMutationType()]) {
    if (type?.name === 'Query' || type?.name === 'Mutation') type.description = rootDescriptions[type.name];
  }
  resolveNodesAtOnce(schema);
  return schema;
}

/** type-graphql answers the type of a node by a promise; compiled execution (graphql-jit 0.8) takes none. */
function resolveNodesAtOnce(schema: GraphQLSchema): void {
  const node = schema.getType('Node');
  if (isInterfaceType(node))
    node.resolveType = (value: { readonly __typename: NodeKind }) => value.__typename;
}
