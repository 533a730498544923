// Methods other than GET and POST, tunnels and upgrades: each gets a response in plain words.
import { startTestGateway, type TestGateway } from '../support/gateway';
import { type RawResponse, sendRaw } from '../support/rawHttp';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());
afterEach(() => {
  expect(gateway.unexpected).toEqual([]);
  expect(gateway.logLines.join('')).not.toContain('"stack"');
});

const host = 'host: shop.example';
const send = (...lines: readonly string[]): Promise<RawResponse> =>
  sendRaw(gateway.url, `${lines.join('\r\n')}\r\nconnection: close\r\n\r\n`);
const errorOf = ({ body }: RawResponse) =>
  (JSON.parse(body) as { errors: { message: string; extensions: { code: string } }[] }).errors[0];

describe('CONNECT', () => {
  it.each(['example.org:443', 'shop.example:80', '127.0.0.1:22'])(
    'to %s gets 405 and the methods',
    async target => {
      const answer = await send(`CONNECT ${target} HTTP/1.1`, `host: ${target}`);
      expect(answer.status).toBe(405);
      expect(answer.head).toMatch(/\r\nallow: GET, HEAD, POST, OPTIONS/i);
      expect(errorOf(answer)).toEqual({
        message: expect.stringMatching(/^Expected one of the methods .* is no proxy\.$/),
        extensions: { code: 'BAD_REQUEST' },
      });
    },
  );

  it('with bytes behind its head gets the same', async () => {
    const answer = await sendRaw(gateway.url, `CONNECT a:1 HTTP/1.1\r\n${host}\r\n\r\n\x16\x03\x01\x02`);
    expect(answer.status).toBe(405);
  });

  it('with a malformed target gets 400', async () => {
    const answer = await send('CONNECT /graphql HTTP/1.1', host);
    expect([400, 405]).toContain(answer.status);
    expect(errorOf(answer).message).toMatch(/^Expected .*; got .*\./);
  });
});

describe('other methods', () => {
  it.each(['PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND', 'MKCOL', 'PURGE', 'REPORT', 'HEAD'])(
    '%s of /graphql gets 405 and the methods',
    async method => {
      const answer = await send(`${method} /graphql HTTP/1.1`, host);
      expect(answer.status).toBe(405);
      expect(answer.head).toMatch(/\r\nallow: .*POST/i);
      if (method !== 'HEAD') expect(errorOf(answer).message).toMatch(/^Expected one of the methods/);
    },
  );

  it.each(['PRI * HTTP/2.0', 'BREW /graphql HTTP/1.1', 'get /graphql HTTP/1.1', 'GET /graphql HTTP/3.0'])(
    '%s is no request and gets 400',
    async start => {
      const answer = await send(start, host);
      expect(answer.status).toBe(400);
      expect(errorOf(answer).message).toMatch(/^Expected an HTTP request that RFC 9110 allows/);
    },
  );

  it('OPTIONS of the whole server gets a response in plain words', async () => {
    const answer = await send('OPTIONS * HTTP/1.1', host);
    expect([204, 400, 404]).toContain(answer.status);
    if (answer.status !== 204) expect(errorOf(answer).message).toMatch(/^Expected /);
  });
});

describe('a request to upgrade', () => {
  it.each(['websocket', 'h2c', 'TLS/1.3'])('to %s is handled without the upgrade', async protocol => {
    const answer = await sendRaw(
      gateway.url,
      [
        'GET /graphql?query={__typename} HTTP/1.1',
        host,
        `upgrade: ${protocol}`,
        'connection: upgrade, close',
        'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
        'sec-websocket-version: 13',
        '\r\n',
      ].join('\r\n'),
    );
    expect(answer.status).toBe(400);
    expect(errorOf(answer).message).toMatch(/^Expected one of the headers/);
  });
});
