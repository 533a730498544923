/** An operation that shows a part of the schema. */
export interface ExampleOperation {
  readonly name: string;
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** One or more operations for every root field, with fragments, aliases, interfaces, directives and errors among them. */
export const exampleOperations: readonly ExampleOperation[] = [
  {
    name: 'recommendations with nested products',
    query: `query Home($first: Int!, $filter: RecommendationFilterInput) {
      viewer(userId: "anna") {
        role
        shop { name currency }
        recommendations(placement: "home", first: $first, filter: $filter, excludeProductIds: ["p03"],
          context: { cartProductIds: ["p01"], currentProductId: "p02" }, strategy: "popularity") {
          id listId userId placement strategy modelVersion degraded createdAt expiresAt
          sourceProduct { productId }
          items(first: 4) {
            pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
            edges { cursor node { rank } }
            nodes { rank score source productId product { ...Card } }
          }
        }
      }
    }
    fragment Card on Product { id productId title zh: title(locale: "zh-TW") price { amountMinor currency } inStock stock }`,
    variables: { first: 8, filter: { category: ['Home'], minPriceMinor: 100, inStock: true } },
  },
  {
    name: 'a product with what is similar',
    query: `{ product(productId: "p04") {
      id title description(locale: "zh-CN") locale translations { locale title description } categoryPath tags
      imageUrl attributes isActive isStub createdAt updatedAt
      similar(first: 3, placement: "detail") { strategy items { nodes { product { productId } } } sourceProduct { title } }
    } missing: product(productId: "nothing") { id } }`,
  },
  {
    name: 'what is bought together, with a product and with a cart',
    query: `query ($cart: [ID!]!) { frequentlyBoughtTogether(productIds: $cart, first: 3, filter: { inStock: true }) {
      strategy degraded placement items { nodes { rank score product { productId } } } sourceProduct { productId } }
      product(productId: "p04") { frequentlyBoughtTogether(first: 2, excludeProductIds: ["p05"], placement: "detail") {
        placement items { nodes { productId } } sourceProduct { title } } } }`,
    variables: { cart: ['p01', 'p02'] },
  },
  {
    name: 'pages of products',
    query: `{ products(first: 3, filter: { text: "PRODUCT 1" }) { totalCount nodes { productId } pageInfo { endCursor } }
      all: products(first: 2) { totalCount edges { cursor node { productId } } } }`,
  },
  {
    name: 'users with everything that hangs on them',
    query: `query ($withHistory: Boolean!) { users(first: 3) { totalCount nodes {
      id userId locale attributes isStub createdAt updatedAt deactivatedAt
      consents { purpose granted source updatedAt }
      interactions(first: 2, filter: { types: [PURCHASE, VIEW] }) @include(if: $withHistory) {
        nodes { eventId type productId value priceMinor queryText sessionId occurredAt receivedAt attribution { listId rank } product { title } }
      }
      recommendationLists(first: 1) { nodes { listId } }
    } } user(userId: "ben") { userId ... @skip(if: $withHistory) { locale } } nobody: user(userId: "zoe") { id } }`,
    variables: { withHistory: true },
  },
  {
    name: 'the same without the optional part',
    query: `query ($withHistory: Boolean!) { users(first: 1) { nodes { ...Part @include(if: $withHistory) userId } } }
      fragment Part on User { consents { purpose } }`,
    variables: { withHistory: false },
  },
  {
    name: 'nodes of several kinds',
    query: `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Product { title } ... on User { userId }
      ... on Shop { name } ... on Campaign { name } } node(id: "bm9uc2Vuc2U") { id } }`,
    variables: {
      ids: ['Product:p01', 'User:anna', 'Shop:demo', 'Campaign:spring', 'Product:none', 'Shop:rival'].map(
        text => Buffer.from(text).toString('base64url'),
      ),
    },
  },
  {
    name: 'campaigns',
    query: `{ campaigns { nodes { id campaignId name status channel budgetMinor holdoutRate startsAt endsAt createdAt updatedAt
      contactCounts { treatment holdout }
      offers { offerId title discountRate discountMinor costMinor productIds products { title } } } pageInfo { hasNextPage } }
      campaign(campaignId: "summer") { name version objective channels { channel costMinor } frequencyCap { contacts days }
        quietHours { startMinute endMinute } sendingWindows { weekdays startMinute endMinute } attributionWindowDays
        audience { by filter } audienceSize { count low high contactable problem { field message } } launchProblems { field message }
        shopper(userId: "anna") { isEligible channels timeZone nextContactAt } auditTrail(first: 1) { nodes { entryId action } } }
      campaignReport(campaignId: "spring") { windowDays problem treatment { shoppers } lift { estimate low high } sampleRatioPValue } }`,
  },
  {
    name: 'edits of campaigns',
    query: `mutation ($offers: [CampaignOfferInput!]) { campaignCreate(input: { campaignId: "autumn", name: "Autumn", objective: REVENUE, budgetMinor: 5000,
        channels: [{ channel: EMAIL, costMinor: 2 }], offers: $offers, audience: { by: FILTER, filter: { any: [
          { bought: { categories: [["Home"]], days: 90 } }, { not: { orders: { atLeast: 1 } } }] } } }) { ...Edited }
      campaignUpdate(input: { campaignId: "autumn", version: 1, budgetMinor: 1, quietHours: { startMinute: 1200, endMinute: 600 } }) { ...Edited }
      campaignPause(input: { campaignId: "spring" }) { ...Edited } campaignResume(input: { campaignId: "autumn" }) { ...Edited }
      campaignCancel(input: { campaignId: "autumn", version: 1 }) { ...Edited } }
      fragment Edited on CampaignEditPayload { campaign { id status version offers { title kind categories products { title } }
        auditTrail(first: 2) { nodes { action role before after } } } userErrors { code field message } }`,
    variables: {
      offers: [
        {
          offerId: 'autumn-1',
          kind: 'PERCENTAGE',
          title: 'Ten percent',
          discountRate: 0.1,
          productIds: ['p01'],
        },
      ],
    },
  },
  {
    name: 'interest tags, of shoppers and products',
    query: `query ($search: String) { interestTags(first: 3, search: $search, includeHidden: true) { pageInfo { endCursor } nodes { ...Tag
        parent { tagId } children { tagId name } mergedTags { tagId } related(first: 2) { similarity tag { tagId } }
        users(first: 2, minWeight: 0) { nodes { userId weight confidence user { locale } } }
        products(first: 2) { nodes { productId weight product { title } } } } }
      interestTag(tagId: "garden") { ...Tag } none: interestTag(tagId: "nothing") { tagId }
      user(userId: "anna") { interestTags(first: 2, minWeight: 0.01) { degraded pageInfo { hasNextPage } edges { cursor node {
        weight trend confidence tag { name } evidence { eventId type text productId occurredAt share product { title } } } } } }
      product(productId: "p10") { interestTags { weight tag { tagId } } } }
      fragment Tag on InterestTag { id tagId name zh: name(locale: "zh") names { locale name isEdited } terms productCount audienceSize
        isPinned isHidden isActive modelVersion createdAt updatedAt }`,
    variables: { search: null },
  },
  {
    name: 'edits of interest tags',
    query: `mutation { interestTagUpdate(input: { tagId: "garden", names: [{ locale: "en", name: "Gardening" }], isPinned: true }) {
        tag { name } userErrors { code } }
      interestTagMerge(input: { fromTagId: "kitchen", intoTagId: "garden" }) { tag { tagId mergedTags { tagId } } userErrors { code } }
      interestTagUnmerge(tagId: "kitchen") { tag { tagId } userErrors { code field message } } }`,
  },
  {
    name: 'the next action of a shopper, and how good that was',
    query: `{ user(userId: "anna") { nextAction { degraded servedBy isSessionOpen categories { path probability } prediction { ...Said } }
        nextActionPredictions(first: 2) { pageInfo { hasNextPage } edges { cursor node { ...Said } } } }
      stranger: user(userId: "cleo") { nextAction { degraded prediction { predictionId } } }
      modelQuality(model: "next-action", weeks: 2) { week startsAt modelVersion predictions accuracy logLoss ece
        bins { above upTo predictions meanProbability accuracy } } }
      fragment Said on NextActionPrediction { predictionId likeliest actions { action probability } expectedMinutes
        purchaseProbability abandonmentRisk returnProbability { within1Day within7Days within30Days } modelVersion predictedAt
        lastEventAt outcome outcomeAt expiresAt }`,
  },
  {
    name: 'models and runs',
    query: `{ modelReadiness { model isReady version publishedAt metrics refused }
      models(first: 5) { nodes { artifactId model version isLive } } trainingRuns { nodes { runId } } apiKeys { keyId } }`,
  },
  {
    name: 'tracking, with the next recommendations',
    query: `mutation ($input: EventsTrackInput!) { eventsTrack(input: $input) {
      accepted duplicates rejected results { index eventId status code field message } userErrors { field message code }
      viewer { recommendations(first: 2) { items { nodes { productId } } } } } }`,
    variables: {
      input: {
        userId: 'anna',
        events: [
          { eventId: 'new-1', type: 'VIEW', productId: 'p07', occurredAt: '2026-03-01T10:00:00Z' },
          { eventId: 'new-1', type: 'VIEW', productId: 'p07', occurredAt: '2026-03-01T10:00:00Z' },
          { eventId: 'new-2', type: 'VIEW', productId: 'p08', occurredAt: '1989-12-31T00:00:00Z' },
          { eventId: 'new-3', type: 'SEARCH', queryText: '红色 mug' },
        ],
      },
    },
  },
  {
    name: 'upserts in one request, in order',
    query: `mutation { productsUpsert(input: { products: [
        { productId: "new", title: "New", priceMinor: 5, translations: [{ locale: "de", title: "Neu" }] },
        { productId: "p01", priceMinor: -1 }] }) { created updated rejected results { index rowId status code field } userErrors { code } }
      usersUpsert(input: { errorPolicy: REJECT_EVERYTHING, users: [{ userId: "new", locale: "en" }, { userId: "" }] }) {
        created rejected results { rowId status code } userErrors { code message field } }
      consentUpdate(input: { purpose: PERSONALIZATION, granted: false, userId: "ben" }) { consents { purpose granted } userErrors { code } }
      subscriptionUpdate(input: { channel: EMAIL, isSubscribed: false, userId: "ben" }) { subscriptions { channel isSubscribed isContactable source } userErrors { code } }
      suppressionUpdate(input: { channel: SMS, suppression: BOUNCE, userId: "ben" }) { suppressed userErrors { code } } }`,
  },
  {
    name: 'administration',
    query: `mutation { trainingStart(input: { model: "popularity", seed: 7 }) { trainingRun { id runId model status seed queuedAt } userErrors { code } }
      unknown: trainingStart(input: { model: "astrology" }) { trainingRun { id } userErrors { field message code } }
      apiKeyCreate(input: { label: "feed", role: INGEST }) { key apiKey { keyId label role } userErrors { code } }
      shopper: apiKeyCreate(input: { label: "x", role: SHOPPER }) { key userErrors { field code } }
      apiKeyRevoke(keyId: "0") { revoked userErrors { code } } }`,
  },
  {
    name: 'errors beside data',
    query: `{ shop { name } bad: recommendationList(id: "nothing") { id }
      products(first: 3, after: "nonsense") { nodes { id } } }`,
  },
  {
    name: 'an argument that the field refuses',
    query:
      '{ shop { shopId } viewer(userId: "anna") { recommendations(first: 5, strategy: "astrology") { id } user { userId } } }',
  },
];
