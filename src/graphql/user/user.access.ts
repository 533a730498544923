import { type AccessTable, readers, staff, writers } from '../access/access';

/** Roles that may select the fields of this folder's types. */
export const userAccess: AccessTable = {
  Query: { user: readers, users: staff },
  Mutation: { usersUpsert: writers },
  User: {
    id: readers,
    userId: readers,
    locale: readers,
    attributes: readers,
    isStub: staff,
    createdAt: readers,
    updatedAt: readers,
    deactivatedAt: staff,
    consents: readers,
    interactions: readers,
    recommendations: readers,
    recommendationLists: readers,
  },
  UserConnection: { pageInfo: staff, edges: staff, nodes: staff, totalCount: staff },
  UserEdge: { cursor: staff, node: staff },
};
