import type { DegradedReason } from '../../src/domain/recommendation';
import { startTestGateway, type TestGateway } from '../support/gateway';

let gateway: TestGateway;
let degraded: DegradedReason | null = null;
beforeAll(async () => {
  gateway = await startTestGateway({
    recommender: fake => ({
      ...fake,
      async recommend(request) {
        const list = await fake.recommend(request);
        const repeat = { lastBoughtAt: request.now - 1000, dueAt: request.now + 1000 };
        const items = list.items.map(item =>
          item.rank === 1 ? { ...item, source: 'BUY_AGAIN' as const, repeat } : item,
        );
        return { ...list, items };
      },
      buyAgain: async request =>
        degraded === null ? await fake.buyAgain(request) : { products: [], degraded, asOf: request.now },
    }),
  });
  await gateway.ask(await gateway.token('ADMIN'), '{ shop { name } }');
});
afterAll(() => gateway.close());

async function ask(role: string, query: string, user?: string) {
  const token = await gateway.token(role, user === undefined ? {} : { user });
  return await gateway.ask(token, query);
}

const fields = `degraded nodes { productId timesBought lastBoughtAt dueAt probabilityWithin7Days probabilityWithin30Days
  product { title } }`;

describe('viewer.buyAgain', () => {
  it('returns products with their dates and probabilities, and reads nothing but the products', async () => {
    gateway.counting.reset();
    const answer = await ask('SHOPPER', `{ viewer { buyAgain(first: 2) { ${fields} } } }`, 'anna');
    expect(answer.body.errors).toBeUndefined();
    const time = (offset: number): string => new Date(gateway.clock.now + offset * 86_400_000).toISOString();
    expect(answer.body.data).toMatchObject({
      viewer: {
        buyAgain: {
          degraded: null,
          nodes: [
            {
              timesBought: 12,
              lastBoughtAt: time(-10),
              dueAt: time(1),
              probabilityWithin7Days: 0.5,
              probabilityWithin30Days: 1,
              product: { title: expect.any(String) },
            },
            { timesBought: 11, dueAt: time(2) },
          ],
        },
      },
    });
    expect(gateway.counting.calls.filter(call => call === 'products.findMany')).toHaveLength(1);
  });

  it('goes on after a product that is not among them any more', async () => {
    const cursor = Buffer.from(JSON.stringify(['buyAgain', 400_000_000, 'gone'])).toString('base64url');
    const answer = await ask(
      'SHOPPER',
      `{ viewer { buyAgain(first: 1, after: "${cursor}") { nodes { probabilityWithin7Days } } } }`,
      'anna',
    );
    expect(answer.body.data).toEqual({
      viewer: { buyAgain: { nodes: [{ probabilityWithin7Days: expect.closeTo(1 / 3, 9) }] } },
    });
  });

  it.each<DegradedReason>([
    'CONSENT_WITHHELD',
    'USER_DEACTIVATED',
    'HISTORY_UNAVAILABLE',
    'MODEL_NOT_TRAINED',
  ])('is empty with the reason %s, without an error', async reason => {
    degraded = reason;
    const answer = await ask('STOREFRONT', `{ viewer(userId: "anna") { buyAgain { ${fields} } } }`);
    degraded = null;
    expect(answer.body).toEqual({ data: { viewer: { buyAgain: { degraded: reason, nodes: [] } } } });
  });

  it('is nothing for an anonymous visitor, and not of another shopper', async () => {
    const nobody = await ask('STOREFRONT', `{ viewer { buyAgain { ${fields} } } }`);
    expect(nobody.body.data).toEqual({ viewer: { buyAgain: { degraded: 'COLD_START', nodes: [] } } });
    const other = await ask('SHOPPER', '{ viewer(userId: "ben") { buyAgain { degraded } } }', 'anna');
    expect(other.body.errors?.[0].extensions['code']).toBe('FORBIDDEN');
    const user = await ask('SHOPPER', '{ user(userId: "ben") { buyAgain { degraded } } }', 'anna');
    expect(user.body.data).toEqual({ user: null });
  });

  it('is the same for staff, who name the shopper, and refused to INGEST', async () => {
    const staff = await ask('MERCHANDISER', '{ user(userId: "anna") { buyAgain { nodes { productId } } } }');
    const own = await ask('SHOPPER', '{ user: viewer { buyAgain { nodes { productId } } } }', 'anna');
    expect(staff.body.data).toEqual(own.body.data);
    const ingest = await ask('INGEST', '{ viewer(userId: "anna") { buyAgain { degraded } } }');
    expect(ingest.body.errors?.[0].extensions['code']).toBe('FORBIDDEN');
  });
});

describe('repeats in a list', () => {
  it('have their source and dates, and other items have neither', async () => {
    const answer = await ask(
      'SHOPPER',
      '{ viewer { recommendations(first: 2) { items { nodes { source lastBoughtAt dueAt } } } } }',
      'anna',
    );
    const { now } = gateway.clock;
    expect(answer.body.data).toEqual({
      viewer: {
        recommendations: {
          items: {
            nodes: [
              {
                source: 'BUY_AGAIN',
                lastBoughtAt: new Date(now - 1000).toISOString(),
                dueAt: new Date(now + 1000).toISOString(),
              },
              { source: 'MODEL', lastBoughtAt: null, dueAt: null },
            ],
          },
        },
      },
    });
  });
});
