import type { GraphqlModule } from '../module/graphqlModule';
import { trainingAccess } from './training.access';
import { trainingRunNode } from './training.node';
import { TrainingResolver } from './training.resolver';

export const trainingModule: GraphqlModule = {
  access: trainingAccess,
  resolvers: [TrainingResolver],
  nodes: [trainingRunNode],
};
