import { type AccessTable, readers } from '../access/access';

/** Roles that may select the fields of this folder's types. */
export const recommendationAccess: AccessTable = {
  Query: { frequentlyBoughtTogether: readers, recommendationList: readers },
  RecommendationList: {
    id: readers,
    listId: readers,
    userId: readers,
    placement: readers,
    strategy: readers,
    modelVersion: readers,
    degraded: readers,
    isPreview: readers,
    isStored: readers,
    createdAt: readers,
    expiresAt: readers,
    sourceProduct: readers,
    items: readers,
  },
  Recommendation: readers,
  RecommendationConnection: readers,
  RecommendationEdge: readers,
  RecommendationListConnection: readers,
  RecommendationListEdge: readers,
};
