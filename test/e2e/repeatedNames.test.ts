import { gzipSync } from 'node:zlib';
import { startTestGateway, type TestGateway } from '../support/gateway';

let gateway: TestGateway;
let admin: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  admin = await gateway.token('ADMIN');
});
afterAll(() => gateway.close());

async function post(body: string | Buffer, headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${admin}`, ...headers },
    body,
  });
  return { status: response.status, text: await response.text() };
}

const track = 'mutation ($i: EventsTrackInput!) { eventsTrack(input: $i) { accepted } }';
const batch = (event: string) =>
  `{"query":"${track}","variables":{"i":{"userId":"anna","events":[{"type":"VIEW","productId":"p",${event}}]}}}`;

describe('a name that is twice in one object of a request', () => {
  it.each([
    ['the document', '{"query":"{ shop { name } }","query":"{ shop { currency } }"}'],
    ['a variable', '{"query":"query ($a: ID!) { node(id: $a) { id } }","variables":{"a":"x","a":"y"}}'],
    ['the id of an event', batch('"eventId":"one","eventId":"two"')],
    ['an escaped name', batch('"eventId":"one","\\u0065ventId":"two"')],
    ['a name with blanks behind it', batch('"eventId":"one","value" : null, "value"\n:1')],
    ['a name beside a long number', batch('"eventId":9007199254740993,"eventId":9007199254740995')],
  ])('is refused: %s', async (_what, body) => {
    const { status, text } = await post(body);
    expect(status).toBe(400);
    expect(text).toContain('Expected each name once');
    expect(JSON.parse(text).errors[0].extensions.code).toBe('BAD_REQUEST');
  });

  it('is refused in a compressed body', async () => {
    const body = gzipSync(batch('"eventId":"one","eventId":"two"'));
    expect((await post(body, { 'content-encoding': 'gzip' })).status).toBe(400);
  });

  it('is not mistaken for names in two objects, in texts and in documents', async () => {
    const { status } = await post(
      '{"query":"{ a: shop { name } b: shop { name } }","variables":{"query":"{\\"a\\":1,\\"a\\":2}","a":{"a":{"a":[{"a":1},{"a":2}]}}}}',
    );
    expect(status).toBe(200);
  });
});

describe('a language that is twice in the translations of a product', () => {
  const upsert = `mutation ($t: [ProductTranslationInput!]) { productsUpsert(input: { products: [{ productId: "p", translations: $t }] }) {
    results { status code field } } }`;

  it.each([
    ['de', 'de'],
    ['en-US', 'EN-us'],
  ])('rejects the row: %s and %s', async (one, other) => {
    const t = [
      { locale: one, title: 'A' },
      { locale: other, description: 'B' },
    ];
    const { body } = await gateway.ask(admin, upsert, { t });
    expect(body.data).toMatchObject({
      productsUpsert: {
        results: [{ status: 'REJECTED', code: 'TRANSLATIONS_INVALID', field: 'translations' }],
      },
    });
  });

  it('keeps texts in two regions of one language', async () => {
    const t = [
      { locale: 'en-US', title: 'Color' },
      { locale: 'en-GB', title: 'Colour' },
    ];
    await gateway.ask(admin, upsert, { t });
    const read = '{ product(productId: "p") { us: title(locale: "en-US") gb: title(locale: "en-GB") } }';
    expect((await gateway.ask(admin, read)).body.data).toEqual({ product: { us: 'Color', gb: 'Colour' } });
  });
});
