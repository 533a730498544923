import { toShopId, toUserId } from '../../src/domain/ids';
import { startTestGateway, type TestGateway } from '../support/gateway';

let gateway: TestGateway;
let admin: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  admin = await gateway.token('ADMIN', { shop: 'misspelt' });
});
afterAll(() => gateway.close());

const shopId = toShopId('misspelt');

describe('a valid token of a shop that does not exist', () => {
  it.each([
    'productsUpsert(input: { products: [{ productId: "p" }] }) { created }',
    'usersUpsert(input: { users: [{ userId: "u" }] }) { created }',
    'eventsTrack(input: { userId: "u", events: [{ eventId: "e", type: VIEW, productId: "p" }] }) { accepted }',
    'consentUpdate(input: { userId: "u", purpose: ANALYTICS, granted: false }) { consents { granted } }',
    'userIdentify(input: { anonymousId: "a", userId: "u" }) { identity { userId } }',
    'apiKeyCreate(input: { label: "x", role: ADMIN }) { key }',
    'apiKeyRevoke(keyId: "x") { revoked }',
    'trainingStart(input: { model: "popularity" }) { trainingRun { runId } }',
    'shopPolicyUpdate(input: { newcomers: null }) { shop { name } }',
    'interestTagUnmerge(tagId: "t") { tag { tagId } }',
  ])('writes nothing: %s', async field => {
    const { status, body } = await gateway.ask(admin, `mutation { ${field} }`);
    expect(status).toBe(404);
    expect(body.errors?.[0].extensions['code']).toBe('NOT_FOUND');
    expect(body.errors?.[0].message).toContain('affinity shop create');
    const { stores } = gateway;
    expect(await stores.products.page(shopId, { first: 1 })).toMatchObject({ rows: [] });
    expect(await stores.users.findMany(shopId, [toUserId('u')])).toEqual(new Map());
    expect(await stores.apiKeys.listOf(shopId)).toEqual([]);
  });

  it('writes as soon as the shop exists', async () => {
    const create = 'mutation { usersUpsert(input: { users: [{ userId: "u" }] }) { created } }';
    const late = await gateway.token('INGEST', { shop: 'late' });
    expect((await gateway.ask(late, create)).status).toBe(404);
    const shop = await gateway.stores.shops.find(toShopId('demo'));
    if (shop === null) throw new Error('The test gateway has no demo shop.');
    await gateway.stores.shops.upsert({ ...shop, id: toShopId('late') });
    expect((await gateway.ask(late, create)).body.data).toEqual({ usersUpsert: { created: 1 } });
  });
});
