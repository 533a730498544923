import type { GraphqlModule } from '../module/graphqlModule';
import { eventAccess } from './event.access';
import { EventResolver } from './event.resolver';

export const eventModule: GraphqlModule = {
  access: eventAccess,
  resolvers: [EventResolver],
};
