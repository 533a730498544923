import type { GraphqlModule } from '../module/graphqlModule';
import { userAccess } from './user.access';
import { userNode } from './user.node';
import { UserConnectionResolver, UserResolver } from './user.resolver';
import { UserUpsertResolver } from './userUpsert.resolver';

export const userModule: GraphqlModule = {
  access: userAccess,
  resolvers: [UserResolver, UserConnectionResolver, UserUpsertResolver],
  nodes: [userNode],
};
