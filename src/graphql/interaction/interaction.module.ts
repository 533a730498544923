import type { GraphqlModule } from '../module/graphqlModule';
import { interactionAccess } from './interaction.access';
import { InteractionResolver } from './interaction.resolver';

export const interactionModule: GraphqlModule = {
  access: interactionAccess,
  resolvers: [InteractionResolver],
};
