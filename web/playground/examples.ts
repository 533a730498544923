/** Ids that exist in the shop, so that the examples run without changes. */
export interface KnownIds {
  readonly userId: string;
  readonly productId: string;
}

/** Roles that may sign in. */
export type StaffRole = 'MERCHANDISER' | 'ADMIN';

/** An operation and its variables. */
interface Example {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** A tab of GraphiQL; `variables` is JSON. */
export interface ExampleTab {
  readonly query: string;
  readonly variables: string | null;
  readonly headers: null;
}

type MakeExample = (known: KnownIds) => Example;

const recommendations: MakeExample = ({ userId }) => ({
  query: `# Recommendations of a shopper for the home page.
# The pages of a shop query \`viewer\` instead,
# with a SHOPPER or STOREFRONT credential.
query Recommendations($userId: ID!, $first: Int! = 10) {
  user(userId: $userId) {
    userId
    recommendations(
      placement: "home"
      first: $first
      filter: { inStock: true }
    ) {
      listId
      strategy
      modelVersion
      degraded
      items {
        nodes {
          rank
          score
          source
          product {
            productId
            title
            categoryPath
            price {
              amountMinor
              currency
            }
          }
        }
      }
    }
  }
}
`,
  variables: { userId, first: 10 },
});

const buyAgain: MakeExample = ({ userId }) => ({
  query: `# What a shopper buys again, the soonest and most
# likely first. The pages of a shop query \`viewer\`
# instead.
query BuyAgain($userId: ID!) {
  user(userId: $userId) {
    userId
    buyAgain(first: 10) {
      degraded
      nodes {
        product {
          productId
          title
        }
        timesBought
        lastBoughtAt
        dueAt
        probabilityWithin7Days
        probabilityWithin30Days
      }
    }
  }
}
`,
  variables: { userId },
});

const similar: MakeExample = ({ productId }) => ({
  query: `# Similar products, for the page of a product.
query Similar($productId: ID!) {
  product(productId: $productId) {
    title
    similar(first: 6, placement: "detail") {
      listId
      strategy
      degraded
      items {
        nodes {
          rank
          score
          product {
            title
            price {
              amountMinor
              currency
            }
          }
        }
      }
    }
  }
}
`,
  variables: { productId },
});

const shopper: MakeExample = ({ userId }) => ({
  query: `# The data that the shop has about a shopper:
# consents, and the latest events.
query Shopper($userId: ID!) {
  user(userId: $userId) {
    userId
    locale
    attributes
    consents {
      purpose
      granted
    }
    interactions(first: 10) {
      nodes {
        type
        occurredAt
        product {
          title
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
`,
  variables: { userId },
});

const track: MakeExample = ({ userId, productId }) => ({
  query: `# Stores events, and returns what to show next.
# This requires ADMIN here; the servers of a shop use
# STOREFRONT or INGEST. A repeated id counts once.
mutation Track($input: EventsTrackInput!) {
  eventsTrack(input: $input) {
    accepted
    duplicates
    rejected
    results {
      eventId
      status
      code
      message
    }
    viewer {
      recommendations(first: 5) {
        strategy
        items {
          nodes {
            rank
            product {
              title
            }
          }
        }
      }
    }
  }
}
`,
  variables: { input: { userId, events: [{ eventId: 'playground-1', type: 'VIEW', productId }] } },
});

const tags: MakeExample = () => ({
  query: `# Interest tags, with the number of interested shoppers and
# the top products. Rename a tag with interestTagUpdate.
query Tags($first: Int! = 20) {
  interestTags(first: $first, includeHidden: true) {
    nodes {
      tagId
      name
      inChinese: name(locale: "zh")
      terms
      productCount
      audienceSize
      isPinned
      isHidden
      products(first: 3) {
        nodes {
          weight
          product {
            title
          }
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`,
  variables: { first: 20 },
});

const products: MakeExample = () => ({
  query: `# The catalogue. For the next page, pass
# \`endCursor\` as \`after\`.
query Products(
  $first: Int! = 20
  $after: String
  $filter: ProductFilterInput
) {
  products(first: $first, after: $after, filter: $filter) {
    nodes {
      productId
      title
      inChinese: title(locale: "zh")
      categoryPath
      stock
      price {
        amountMinor
        currency
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`,
  variables: { first: 20, filter: { inStock: true } },
});

const campaigns: MakeExample = () => ({
  query: `# Campaigns with their offers and contacts.
query Campaigns {
  campaigns(first: 20) {
    nodes {
      name
      status
      channel
      startsAt
      endsAt
      holdoutRate
      contactCounts {
        treatment
        holdout
      }
      offers {
        title
        discountRate
      }
    }
  }
}
`,
});

const models: MakeExample = () => ({
  query: `# The published models, and their metrics
# on held-out data.
query Models {
  modelReadiness {
    model
    isReady
    version
    publishedAt
    refused
    metrics
  }
  trainingRuns(first: 10) {
    nodes {
      model
      status
      queuedAt
      finishedAt
      reason
    }
  }
}
`,
});

const examplesOf: Readonly<Record<StaffRole, readonly MakeExample[]>> = {
  MERCHANDISER: [recommendations, buyAgain, similar, shopper, tags, products, campaigns, models],
  ADMIN: [recommendations, buyAgain, similar, shopper, track, tags, products, campaigns, models],
};

/** Returns the tabs that the playground opens with, in order: operations that the role may run. */
export function exampleTabs(known: KnownIds, role: StaffRole): readonly ExampleTab[] {
  return examplesOf[role].map(make => {
    const { query, variables } = make(known);
    return {
      query,
      variables: variables === undefined ? null : JSON.stringify(variables, null, 2),
      headers: null,
    };
  });
}
