import { startTestGateway, type TestGateway } from '../support/gateway';

let gateway: TestGateway;
let admin: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  admin = await gateway.token('ADMIN');
});
afterAll(() => gateway.close());

const track = (alias: string, user: string, events: string, selection: string) =>
  `${alias}: eventsTrack(input: { userId: "${user}", events: [${events}] }) { accepted ${selection} }`;

describe('a mutation sees what the mutations before it in the same document wrote', () => {
  it('a user that the second event creates', async () => {
    const user = 'viewer { user { userId isStub interactions { nodes { eventId } } } }';
    const refused = '{ eventId: "w0", type: RATING, productId: "p01" }';
    const { body } = await gateway.ask(
      admin,
      `mutation { ${track('a', 'w', refused, user)}
        ${track('b', 'w', '{ eventId: "w1", type: VIEW, productId: "p01" }', user)}
        ${track('c', 'w', '{ eventId: "w2", type: VIEW, productId: "p02" }', user)}
        d: usersUpsert(input: { users: [{ userId: "w", locale: "fr" }] }) { updated }
        ${track('e', 'w', '{ eventId: "w3", type: VIEW, productId: "p02" }', user)} }`,
    );
    const seen = (isStub: boolean, ...ids: string[]) => ({
      accepted: 1,
      viewer: {
        user: { userId: 'w', isStub, interactions: { nodes: ids.map(eventId => ({ eventId })) } },
      },
    });
    expect(body.data).toEqual({
      a: { accepted: 0, viewer: { user: null } },
      b: seen(true, 'w1'),
      c: seen(true, 'w2', 'w1'),
      d: { updated: 1 },
      e: seen(false, 'w3', 'w2', 'w1'),
    });
  });

  it('a product that an upsert describes', async () => {
    const recent = 'viewer { user { interactions(first: 1) { nodes { product { title isStub } } } } }';
    const view = (id: string) => `{ eventId: "${id}", type: VIEW, productId: "soon" }`;
    const { body } = await gateway.ask(
      admin,
      `mutation { ${track('a', 'v', view('v1'), recent)}
        b: productsUpsert(input: { products: [{ productId: "soon", title: "Soon" }] }) { updated }
        ${track('c', 'v', view('v2'), recent)} }`,
    );
    const seen = (product: object) => ({
      accepted: 1,
      viewer: { user: { interactions: { nodes: [{ product }] } } },
    });
    expect(body.data).toEqual({
      a: seen({ title: null, isStub: true }),
      b: { updated: 1 },
      c: seen({ title: 'Soon', isStub: false }),
    });
  });

  it('a consent that is withdrawn', async () => {
    const consents = 'viewer { user { consents { purpose granted } } }';
    const set = (alias: string, granted: boolean) =>
      `${alias}: consentUpdate(input: { userId: "ben", purpose: ANALYTICS, granted: ${granted} }) { consents { purpose granted } }`;
    const { body } = await gateway.ask(
      admin,
      `mutation { ${set('a', true)} ${track('b', 'ben', '{ eventId: "c1", type: VIEW, productId: "p01" }', consents)}
        ${set('c', false)} ${track('d', 'ben', '{ eventId: "c2", type: VIEW, productId: "p01" }', consents)} }`,
    );
    const analytics = (data: unknown) =>
      JSON.stringify(data).match(/"ANALYTICS","granted":(true|false)/)?.[1];
    expect(['a', 'b', 'c', 'd'].map(alias => analytics(body.data?.[alias]))).toEqual([
      'true',
      'true',
      'false',
      'false',
    ]);
  });

  it('an interest tag that is renamed', async () => {
    const rename = (alias: string, name: string) =>
      `${alias}: interestTagUpdate(input: { tagId: "garden", names: [{ locale: "en", name: "${name}" }] }) { tag { name(locale: "en") } }`;
    const { body } = await gateway.ask(admin, `mutation { ${rename('a', 'One')} ${rename('b', 'Two')} }`);
    expect(body.data).toEqual({ a: { tag: { name: 'One' } }, b: { tag: { name: 'Two' } } });
  });
});
