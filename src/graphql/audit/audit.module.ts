import type { GraphqlModule } from '../module/graphqlModule';
import { auditAccess } from './audit.access';

export const auditModule: GraphqlModule = {
  access: auditAccess,
};
