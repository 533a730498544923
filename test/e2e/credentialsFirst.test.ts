import { startTestGateway, type TestGateway } from '../support/gateway';
import { openSocket, readUntilClose } from '../support/rawHttp';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

const manyOnes = `[${'1,'.repeat(499_999)}1]`;
const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';

describe('a request without a valid credential', () => {
  it.each<[string, Record<string, string>]>([
    ['no credential', {}],
    ['nonsense', { authorization: 'Bearer nonsense' }],
    ['a key that is unknown', { authorization: `Bearer aff_${'a'.repeat(16)}_${'b'.repeat(43)}` }],
  ])('is refused before its body arrives: %s', async (_what, headers) => {
    const socket = await openSocket(gateway.url);
    const response = readUntilClose(socket);
    const lines = [
      'POST /graphql HTTP/1.1',
      'host: a',
      'content-type: application/json',
      'content-length: 1000000',
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ];
    // The body is never sent: the response does not wait for it.
    const first = new Promise<Buffer>(resolve => socket.once('data', resolve));
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    expect((await first).toString()).toMatch(/^HTTP\/1\.1 401 /);
    socket.destroy();
    await response;
  });

  it('is refused whatever its body holds', async () => {
    for (const body of ['{', '[]', `{"query":"${query}","variables":{"ids":${manyOnes}}}`]) {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`${gateway.url}/graphql`, { method: 'POST', headers, body });
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    }
  });
});

test('500,000 variables of a caller with a credential are refused, with a remedy', async () => {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await gateway.token('STOREFRONT')}`,
    },
    body: `{"query":"${query}","variables":{"ids":${manyOnes}}}`,
  });
  expect(response.status).toBe(400);
  expect(await response.text()).toMatch(/at most 50000 values in the variables.*Split the request/);
});

test('a role may not select a field before its variables are looked at', async () => {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await gateway.token('SHOPPER', { user: 'anna' })}`,
    },
    body: `{"query":"query ($ids: [ID!]!) { apiKeys { keyId } nodes(ids: $ids) { id } }","variables":{"ids":${manyOnes}}}`,
  });
  expect(response.status).toBe(403);
});
