import type { GraphqlModule } from '../module/graphqlModule';
import { interestTagAccess } from './interestTag.access';
import { interestTagNode } from './interestTag.node';
import {
  InterestTagProductResolver,
  InterestTagResolver,
  InterestTagUserResolver,
} from './interestTag.resolver';
import { InterestTagEditResolver } from './interestTagEdit.resolver';
import {
  InterestEvidenceResolver,
  ProductInterestResolver,
  UserInterestConnectionResolver,
  UserInterestResolver,
} from './userInterest.resolver';

export const interestTagModule: GraphqlModule = {
  access: interestTagAccess,
  resolvers: [
    InterestTagResolver,
    InterestTagProductResolver,
    InterestTagUserResolver,
    InterestTagEditResolver,
    UserInterestResolver,
    UserInterestConnectionResolver,
    InterestEvidenceResolver,
    ProductInterestResolver,
  ],
  nodes: [interestTagNode],
};
