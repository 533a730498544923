import { unavailable } from '../support/failures';
import { startTestGateway, type TestGateway } from '../support/gateway';

let gateway: TestGateway;
let admin: string;
beforeAll(async () => {
  gateway = await startTestGateway({
    recommender: fake => ({
      ...fake,
      recommend: request => (request.placement === 'broken' ? unavailable() : fake.recommend(request)),
      similar: unavailable,
      together: unavailable,
    }),
  });
  admin = await gateway.token('ADMIN');
});
afterAll(() => gateway.close());

it('one list that fails leaves the other fourteen of a page', async () => {
  const places = Array.from({ length: 15 }, (_, index) => (index === 7 ? 'broken' : `place${index}`));
  const lists = places.map(
    (place, index) => `l${index}: recommendations(first: 1, placement: "${place}") { placement }`,
  );
  const { status, body } = await gateway.ask(
    admin,
    `{ viewer(userId: "anna") { ${lists.slice(0, 14).join(' ')} } }`,
  );
  const expected = Object.fromEntries(
    places
      .slice(0, 14)
      .map((placement, index) => [`l${index}`, placement === 'broken' ? null : { placement }]),
  );
  expect(status).toBe(200);
  expect(body.data).toEqual({ viewer: expected });
  expect(body.errors?.map(({ path, extensions }) => [path, extensions['code']])).toEqual([
    [['viewer', 'l7'], 'UNAVAILABLE'],
  ]);
});

it('lists of a product that fail leave the product', async () => {
  const { body } = await gateway.ask(
    admin,
    '{ product(productId: "p01") { title similar { listId } frequentlyBoughtTogether { listId } } frequentlyBoughtTogether(productIds: ["p01"]) { listId } shop { name } }',
  );
  expect(body.data).toEqual({
    product: { title: 'demo product 1', similar: null, frequentlyBoughtTogether: null },
    frequentlyBoughtTogether: null,
    shop: { name: 'Shop demo' },
  });
  expect(body.errors).toHaveLength(3);
});

it('an argument that a list refuses is an error of that list', async () => {
  const { body } = await gateway.ask(
    admin,
    '{ viewer(userId: "anna") { role a: recommendations(first: 1000) { listId } b: recommendations(placement: "home") { placement } } }',
  );
  expect(body.data).toEqual({ viewer: { role: 'ADMIN', a: null, b: { placement: 'home' } } });
  expect(body.errors?.map(({ extensions }) => extensions['code'])).toEqual(['BAD_USER_INPUT']);
});

describe('the id of a viewer', () => {
  const ask = async (role: string, query: string, who: { user?: string } = {}) =>
    (await gateway.ask(await gateway.token(role, who), query)).body;

  it('is the same in every call for one shopper, and node returns the viewer', async () => {
    const own = (await ask('SHOPPER', '{ viewer { id } }', { user: 'anna' })).data as
      | { viewer: { id: string } }
      | undefined;
    const named = (await ask('STOREFRONT', '{ viewer(userId: "anna") { id } }')).data;
    const tracked = (
      await ask('SHOPPER', 'mutation { eventsTrack(input: { events: [] }) { viewer { id } } }', {
        user: 'anna',
      })
    ).data;
    expect(named).toEqual(own);
    expect(tracked).toEqual({ eventsTrack: own });
    const again = await ask(
      'SHOPPER',
      `{ node(id: "${own?.viewer.id}") { __typename id ... on Viewer { role user { userId } recommendations(first: 1) { userId } } } }`,
      { user: 'anna' },
    );
    expect(again.data).toEqual({
      node: {
        __typename: 'Viewer',
        id: own?.viewer.id,
        role: 'SHOPPER',
        user: { userId: 'anna' },
        recommendations: { userId: 'anna' },
      },
    });
  });

  it.each([
    ['SHOPPER', 'user:ben', { user: 'anna' }],
    ['SHOPPER', 'anonymous', { user: 'anna' }],
    ['MERCHANDISER', 'user:anna', {}],
    ['ADMIN', 'user:', {}],
    ['ADMIN', 'other', {}],
  ])('of another finds nothing: %s, %s', async (role, id, who) => {
    const globalId = Buffer.from(`Viewer:${id}`).toString('base64url');
    expect((await ask(role, `{ node(id: "${globalId}") { id } }`, who)).data).toEqual({ node: null });
  });

  it('names an anonymous visitor of a storefront', async () => {
    const { data } = await ask('STOREFRONT', '{ viewer { id user { userId } } }');
    const { viewer } = data as unknown as { viewer: { id: string } };
    expect((await ask('STOREFRONT', `{ node(id: "${viewer.id}") { id } }`)).data).toEqual({
      node: { id: viewer.id },
    });
  });
});
