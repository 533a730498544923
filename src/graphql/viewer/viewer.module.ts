import type { GraphqlModule } from '../module/graphqlModule';
import { viewerAccess } from './viewer.access';
import { viewerNode } from './viewer.node';
import { ViewerResolver } from './viewer.resolver';

export const viewerModule: GraphqlModule = {
  access: viewerAccess,
  resolvers: [ViewerResolver],
  nodes: [viewerNode],
};
