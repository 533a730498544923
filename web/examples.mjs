// The operations the playground opens with, one a tab. `known` holds ids of the shop, so that each runs as it stands.

const recommendations = ({ userId }) => ({
  query: `# What a shopper would be shown on the home page.
# A shop's own pages ask the same of \`viewer\`,
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

const similar = ({ productId }) => ({
  query: `# Products like one, for its own page.
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

const shopper = ({ userId }) => ({
  query: `# What the shop knows of a shopper:
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

const track = ({ userId, productId }) => ({
  query: `# Keeps events, and answers what to show next.
# Here that needs an ADMIN; a shop's own servers use
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

const products = () => ({
  query: `# The catalogue: give \`endCursor\` as \`after\`
# for the next page.
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

const campaigns = () => ({
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

const models = () => ({
  query: `# Which models serve, and what they scored
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

/** Tabs of the playground, in their order. */
export function exampleTabs(known) {
  return [recommendations, similar, shopper, track, products, campaigns, models].map(make => {
    const { query, variables } = make(known);
    return {
      query,
      variables: variables === undefined ? null : JSON.stringify(variables, null, 2),
      headers: null,
    };
  });
}
