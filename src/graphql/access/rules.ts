import { type Role, roles } from '../../domain/role';

/** Which roles may select a field. */
export type AccessRule = readonly Role[];

/** A rule for every field of a type, or one for each field. */
export type TypeAccess = AccessRule | Readonly<Record<string, AccessRule>>;

const everyone: AccessRule = roles;
const readers: AccessRule = ['SHOPPER', 'STOREFRONT', 'MERCHANDISER', 'ADMIN'];
/** Those who act for one shopper: shoppers for themselves, servers for whom they name. */
const shopperSide: AccessRule = ['SHOPPER', 'STOREFRONT', 'ADMIN'];
const trackers: AccessRule = ['SHOPPER', 'STOREFRONT', 'INGEST', 'ADMIN'];
const writers: AccessRule = ['INGEST', 'ADMIN'];
const staff: AccessRule = ['MERCHANDISER', 'ADMIN'];
const admin: AccessRule = ['ADMIN'];

/**
 * Who may select what. A field that is not here is refused to everybody, and a test walks the schema and fails for it.
 * Which rows a role sees of a field it may select (a SHOPPER only their own) is in ownership.ts.
 */
export const accessTable: Readonly<Record<string, TypeAccess>> = {
  Query: {
    node: readers,
    nodes: readers,
    shop: readers,
    viewer: readers,
    user: readers,
    users: staff,
    product: readers,
    products: readers,
    frequentlyBoughtTogether: readers,
    recommendationList: readers,
    campaign: staff,
    campaigns: staff,
    models: staff,
    modelReadiness: staff,
    modelQuality: staff,
    interestTag: readers,
    interestTags: readers,
    trainingRuns: staff,
    apiKeys: admin,
  },
  Mutation: {
    eventsTrack: trackers,
    productsUpsert: writers,
    usersUpsert: writers,
    consentUpdate: shopperSide,
    interestTagUpdate: staff,
    interestTagMerge: staff,
    interestTagUnmerge: staff,
    trainingStart: admin,
    apiKeyCreate: admin,
    apiKeyRevoke: admin,
  },

  Shop: {
    id: readers,
    shopId: readers,
    name: readers,
    defaultLocale: readers,
    currency: readers,
    interactionRetentionDays: readers,
    listRetentionDays: readers,
  },
  Viewer: { role: readers, user: readers, shop: readers, recommendations: readers },
  User: {
    id: readers,
    userId: readers,
    locale: readers,
    attributes: readers,
    consents: readers,
    interactions: readers,
    recommendations: readers,
    recommendationLists: readers,
    interestTags: readers,
    nextAction: readers,
    nextActionPredictions: readers,
    isStub: staff,
    createdAt: readers,
    updatedAt: readers,
    deactivatedAt: staff,
  },
  Consent: { purpose: readers, granted: readers, source: readers, updatedAt: readers },
  Interaction: {
    eventId: readers,
    type: readers,
    productId: readers,
    product: readers,
    value: readers,
    priceMinor: readers,
    queryText: readers,
    sessionId: readers,
    occurredAt: readers,
    receivedAt: readers,
    attribution: readers,
  },
  RecommendationList: {
    id: readers,
    listId: readers,
    userId: readers,
    placement: readers,
    strategy: readers,
    modelVersion: readers,
    degraded: readers,
    createdAt: readers,
    expiresAt: readers,
    sourceProduct: readers,
    items: readers,
  },
  UserInterest: { tag: readers, weight: readers, trend: readers, confidence: readers, evidence: readers },
  InterestEvidence: {
    eventId: readers,
    type: readers,
    productId: readers,
    product: readers,
    text: readers,
    occurredAt: readers,
    share: readers,
  },
  InterestTag: {
    id: readers,
    tagId: readers,
    name: readers,
    names: readers,
    terms: readers,
    productCount: readers,
    audienceSize: readers,
    isPinned: readers,
    isHidden: staff,
    isActive: staff,
    modelVersion: staff,
    createdAt: readers,
    updatedAt: readers,
    parent: readers,
    children: readers,
    mergedTags: staff,
    related: readers,
    products: readers,
    users: staff,
  },
  InterestTagUser: { userId: staff, weight: staff, confidence: staff, user: staff },
  NextActionAnswer: {
    prediction: readers,
    categories: readers,
    servedBy: readers,
    isSessionOpen: readers,
    degraded: readers,
  },
  NextActionPrediction: {
    predictionId: readers,
    actions: readers,
    likeliest: readers,
    expectedMinutes: readers,
    purchaseProbability: readers,
    abandonmentRisk: readers,
    returnProbability: readers,
    modelVersion: readers,
    predictedAt: readers,
    lastEventAt: readers,
    outcome: readers,
    outcomeAt: readers,
    expiresAt: readers,
  },
  Campaign: {
    id: staff,
    campaignId: staff,
    name: staff,
    status: staff,
    channel: staff,
    budgetMinor: staff,
    holdoutRate: staff,
    startsAt: staff,
    endsAt: staff,
    createdAt: staff,
    updatedAt: staff,
    offers: staff,
    contactCounts: staff,
  },
  TrainingRun: {
    id: staff,
    runId: staff,
    model: staff,
    status: staff,
    seed: staff,
    snapshotDigest: staff,
    artifactId: staff,
    metrics: staff,
    reason: staff,
    queuedAt: staff,
    startedAt: staff,
    finishedAt: staff,
  },
  ApiKey: {
    keyId: admin,
    label: admin,
    role: admin,
    createdAt: admin,
    expiresAt: admin,
    revokedAt: admin,
    lastUsedAt: admin,
  },
  ApiKeyCreatePayload: { apiKey: admin, key: admin, userErrors: admin },
  ApiKeyRevokePayload: { revoked: admin, userErrors: admin },
  EventsTrackPayload: {
    accepted: trackers,
    duplicates: trackers,
    rejected: trackers,
    results: trackers,
    userErrors: trackers,
    viewer: shopperSide,
  },
  ConsentUpdatePayload: { consents: shopperSide, userErrors: shopperSide },
  UserConnection: { pageInfo: staff, edges: staff, nodes: staff, totalCount: staff },
  UserEdge: { cursor: staff, node: staff },

  InterestTagUserConnection: { pageInfo: staff, edges: staff, nodes: staff },
  InterestTagUserEdge: { cursor: staff, node: staff },
  UserInterestConnection: { pageInfo: readers, edges: readers, nodes: readers, degraded: readers },
  UserInterestEdge: { cursor: readers, node: readers },

  // What follows says nothing about a person: one rule a type.
  Node: readers,
  Product: readers,
  ProductTranslation: readers,
  Money: readers,
  ProductConnection: readers,
  ProductEdge: readers,
  Attribution: readers,
  InteractionConnection: readers,
  InteractionEdge: readers,
  Recommendation: readers,
  RecommendationConnection: readers,
  RecommendationEdge: readers,
  RecommendationListConnection: readers,
  RecommendationListEdge: readers,
  InterestTagConnection: readers,
  InterestTagEdge: readers,
  InterestTagName: readers,
  InterestTagProduct: readers,
  InterestTagProductConnection: readers,
  InterestTagProductEdge: readers,
  ProductInterestTag: readers,
  RelatedInterestTag: readers,
  InterestTagEditPayload: staff,
  Offer: staff,
  CampaignContactCounts: staff,
  CampaignConnection: staff,
  CampaignEdge: staff,
  ModelArtifact: staff,
  ModelArtifactConnection: staff,
  ModelArtifactEdge: staff,
  ModelReadiness: staff,
  ModelQuality: staff,
  CalibrationBin: staff,
  ActionProbability: readers,
  CategoryProbability: readers,
  ReturnProbability: readers,
  NextActionPredictionConnection: readers,
  NextActionPredictionEdge: readers,
  TrainingRunConnection: staff,
  TrainingRunEdge: staff,
  TrainingStartPayload: admin,
  EventResult: trackers,
  UpsertPayload: writers,
  UpsertResult: writers,
  UserError: everyone,
  PageInfo: readers,
};

/** Types about persons or secrets: each of their fields needs a rule of its own. */
export const sensitiveTypes = [
  'Query',
  'Mutation',
  'Shop',
  'Viewer',
  'User',
  'UserConnection',
  'UserEdge',
  'Consent',
  'Interaction',
  'RecommendationList',
  'NextActionAnswer',
  'NextActionPrediction',
  'InterestTag',
  'InterestTagUser',
  'InterestTagUserConnection',
  'InterestTagUserEdge',
  'UserInterest',
  'UserInterestConnection',
  'UserInterestEdge',
  'InterestEvidence',
  'Campaign',
  'TrainingRun',
  'ApiKey',
  'ApiKeyCreatePayload',
  'ApiKeyRevokePayload',
  'EventsTrackPayload',
  'ConsentUpdatePayload',
] as const;

const rows = new Map(Object.entries(accessTable));
const nobody: AccessRule = [];

/** Who may ask what the schema is. */
export const introspectors: AccessRule = staff;

/** Who may select this field: nobody when the table does not say. */
export function ruleOf(typeName: string, fieldName: string): AccessRule {
  if (fieldName === '__typename') return everyone;
  const row = rows.get(typeName);
  if (row === undefined) return nobody;
  if (isRule(row)) return row;
  return Object.hasOwn(row, fieldName) ? row[fieldName] : nobody;
}

/** Whether a row of the table is one rule for the whole type. */
export const isRule = (row: TypeAccess): row is AccessRule => Array.isArray(row);
