import { startTestGateway, type TestGateway } from '../support/gateway';

let gateway: TestGateway;
let storefront: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  storefront = await gateway.token('STOREFRONT');
});
afterAll(() => gateway.close());

const viewer = 'query ($u: ID) { viewer(userId: $u) { id recommendations(first: 1) { userId isStored } } }';
const track = `mutation ($u: ID) { eventsTrack(input: { userId: $u, events: [{ eventId: "e", type: SEARCH, queryText: "tea" }] }) {
  results { status code } viewer { id recommendations(first: 1) { userId } } } }`;
const anonymous = Buffer.from('Viewer:anonymous').toString('base64url');

describe('the id of a shopper that no event can have', () => {
  it.each([
    ['empty', '', 'ID_MISSING'],
    ['with a blank behind it', 'anna ', 'ID_NOT_TRIMMED'],
    ['with a byte order mark', '\ufeffanna', 'ID_NOT_TRIMMED'],
    ['with a tab', 'an\tna', 'ID_CONTROL_CHARACTER'],
    ['of the other Unicode form', 'Ame\u0301lie', 'ID_NOT_NORMALIZED'],
    ['too long', '茶'.repeat(257), 'ID_TOO_LONG'],
  ])('gets no viewer and no list: %s', async (_what, u, code) => {
    const refused = await gateway.ask(storefront, viewer, { u });
    expect(refused.body.errors?.[0].extensions['code']).toBe('BAD_USER_INPUT');
    expect(refused.body.errors?.[0].message).toContain('absent for an anonymous visitor');
    const { body } = await gateway.ask(storefront, track, { u });
    expect(body.data).toEqual({
      eventsTrack: {
        results: [{ status: 'REJECTED', code }],
        viewer: { id: anonymous, recommendations: { userId: null } },
      },
    });
    const id = Buffer.from(`Viewer:user:${u}`).toString('base64url');
    const node = await gateway.ask(storefront, 'query ($id: ID!) { node(id: $id) { id } }', { id });
    expect(node.body.data).toEqual({ node: null });
  });

  it('does not touch the ids that look odd and are none', async () => {
    for (const u of ['Am\u00e9lie', 'a b', '__proto__', '😀'.repeat(128)]) {
      const { body } = await gateway.ask(storefront, viewer, { u });
      expect(body.data).toMatchObject({ viewer: { recommendations: { userId: u } } });
    }
  });
});
