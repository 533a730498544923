import type { GraphqlModule } from '../module/graphqlModule';
import { ModelQualityResolver } from './modelQuality.resolver';
import { nextActionAccess } from './nextAction.access';
import { NextActionResolver } from './nextAction.resolver';

export const nextActionModule: GraphqlModule = {
  access: nextActionAccess,
  resolvers: [ModelQualityResolver, NextActionResolver],
};
