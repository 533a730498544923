// The peer of bench/http.ts: Mercurius with JIT returns the same lists from memory, without authentication, database,
// scoring or writes. Started by http.ts with { "listsByUser": { userId: list } } as JSON on its input; prints its address.
// Same Fastify, fields and items, one process.
import Fastify from 'fastify';
import mercurius from 'mercurius';

const schema = `
  type Money { amountMinor: Float! currency: String! }
  type Product {
    productId: ID!
    title(locale: String): String
    categoryPath: [String!]!
    price: Money
    inStock: Boolean!
  }
  type Recommendation { productId: ID! rank: Int! score: Float! source: String! product: Product }
  type RecommendationConnection { nodes: [Recommendation!]! }
  type RecommendationList {
    listId: ID!
    strategy: String!
    modelVersion: String
    degraded: String
    items(first: Int! = 100): RecommendationConnection!
  }
  type Viewer { recommendations(first: Int! = 20, placement: String! = "home"): RecommendationList! }
  type Query { viewer(userId: ID): Viewer! }
`;

/** Lists that the gateway returned, by user id. */
type Lists = Readonly<Record<string, unknown>>;

async function readLists(): Promise<Lists> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return (JSON.parse(Buffer.concat(chunks).toString('utf8')) as { readonly listsByUser: Lists }).listsByUser;
}

async function main(): Promise<void> {
  const lists = new Map(Object.entries(await readLists()));
  const app = Fastify();
  await app.register(mercurius, {
    schema,
    jit: 1,
    resolvers: {
      Query: { viewer: (_: unknown, { userId }: { readonly userId: string }) => ({ userId }) },
      Viewer: { recommendations: ({ userId }: { readonly userId: string }) => lists.get(userId) },
    },
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  process.stdout.write(`${url}\n`);
  process.once('SIGTERM', () => void app.close());
}

if (require.main === module) void main();
