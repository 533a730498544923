import { type AccessTable, staff } from '../access/access';

/** Roles that may select the fields of this folder's types. */
export const modelAccess: AccessTable = {
  Query: { models: staff, modelReadiness: staff },
  ModelArtifact: staff,
  ModelArtifactConnection: staff,
  ModelArtifactEdge: staff,
  ModelReadiness: staff,
};
