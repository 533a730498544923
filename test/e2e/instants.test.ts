import { startTestGateway, type TestGateway } from '../support/gateway';

let gateway: TestGateway;
let admin: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  admin = await gateway.token('ADMIN');
});
afterAll(() => gateway.close());

const impossible = [
  '2027-02-31T00:00:00Z',
  '2027-02-29T00:00:00Z',
  '2100-02-29T00:00:00Z',
  '2027-04-31T10:00:00+02:00',
  '2027-13-01T00:00:00Z',
  '2027-00-10T00:00:00Z',
  '2027-01-00T00:00:00Z',
  '2027-01-01T24:00:00Z',
  '2027-01-01T23:60:00Z',
  '2026-12-31T23:59:60Z',
  '2027-01-01T00:00:00',
  '2027-01-01',
  '2027-01-01 00:00:00Z',
  '2027-01-01T00:00:00+24:00',
  '2027-01-01T00:00:00+01:60',
  '+012027-01-01T00:00:00Z',
  '-000001-01-01T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59-01:00',
  '12027-01-01T00:00:00Z',
  'tomorrow',
  '',
];

describe.each(impossible)('the instant %j', instant => {
  it('is refused where a key expires and in filters, in the document and in variables', async () => {
    const create = (at: string) =>
      `apiKeyCreate(input: { label: "x", role: INGEST, expiresAt: ${at} }) { userErrors { code } }`;
    const filter = (at: string) =>
      `user(userId: "anna") { interactions(filter: { since: ${at} }) { nodes { eventId } } }`;
    const asked = [
      await gateway.ask(admin, `mutation { ${create(JSON.stringify(instant))} }`),
      await gateway.ask(admin, `mutation ($at: DateTime) { ${create('$at')} }`, { at: instant }),
      await gateway.ask(admin, `{ ${filter(JSON.stringify(instant))} }`),
      await gateway.ask(admin, `query ($at: DateTime) { ${filter('$at')} }`, { at: instant }),
    ];
    expect(asked.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
    expect(await gateway.stores.apiKeys.listOf('demo' as never)).toEqual([]);
  });

  it('is refused for an event', async () => {
    const { body } = await gateway.ask(
      admin,
      'mutation ($at: String) { eventsTrack(input: { userId: "anna", events: [{ eventId: "t", type: VIEW, productId: "p01", occurredAt: $at }] }) { results { status code } } }',
      { at: instant },
    );
    expect(body.data?.['eventsTrack']).toEqual({ results: [{ status: 'REJECTED', code: 'TIME_INVALID' }] });
  });
});

it.each([
  '2028-02-29T23:59:59.999Z',
  '2027-01-01T00:00:00.123456789+05:45',
  '2027-01-01T00:00Z',
  '9999-12-31T23:59:59Z',
])('the instant %s is accepted', async instant => {
  const { body } = await gateway.ask(
    admin,
    'mutation ($at: DateTime) { apiKeyCreate(input: { label: "x", role: INGEST, expiresAt: $at }) { apiKey { expiresAt } userErrors { code } } }',
    { at: instant },
  );
  expect(body.data?.['apiKeyCreate']).toMatchObject({ userErrors: [] });
});
