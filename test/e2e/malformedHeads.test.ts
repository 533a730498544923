import { startTestGateway, type TestGateway } from '../support/gateway';
import { openSocket, type RawResponse, readUntilClose, sendRaw } from '../support/rawHttp';

let gateway: TestGateway;
let token: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  token = await gateway.token('STOREFRONT');
});
afterAll(() => gateway.close());
afterEach(() => {
  // Nothing that a client sends is a bug of the gateway.
  expect(gateway.unexpected).toEqual([]);
  expect(gateway.logLines.join('')).not.toContain('"stack"');
});

const codeOf = ({ body }: RawResponse): unknown =>
  (JSON.parse(body) as { errors: { extensions: { code: string } }[] }).errors[0].extensions.code;
const messageOf = ({ body }: RawResponse): string =>
  (JSON.parse(body) as { errors: { message: string }[] }).errors[0].message;

const body = '{"query":"{ shop { name } }"}';
const request = (lines: readonly string[], content = body): string =>
  `${lines.join('\r\n')}\r\nconnection: close\r\n\r\n${content}`;
const json = ['content-type: application/json', `content-length: ${body.length}`];

describe('the host of a request', () => {
  it.each(['a b', 'a/b', 'a@b', 'a?b', '[::1', 'a:b', 'a:99999', 'caf\xe9', '<a>', ''])(
    'is refused when malformed: %p',
    async host => {
      const answer = await sendRaw(
        gateway.url,
        request(['POST /graphql HTTP/1.1', `host: ${host}`, ...json]),
      );
      expect([answer.status, codeOf(answer)]).toEqual([400, 'BAD_REQUEST']);
      expect(messageOf(answer)).toMatch(/^Expected a `Host` header/);
    },
  );

  it.each(['/health/live', '/nowhere', '/graphql?query={__typename}'])(
    'is checked at every path: %s',
    async path => {
      const answer = await sendRaw(gateway.url, request([`GET ${path} HTTP/1.1`, 'host: a b'], ''));
      expect([answer.status, codeOf(answer)]).toEqual([400, 'BAD_REQUEST']);
    },
  );

  it.each(['HTTP/1.1', 'HTTP/1.0'])('is refused when there are two, in %s', async version => {
    const hosts = ['host: shop.example', 'host: other.example'];
    const answer = await sendRaw(gateway.url, request([`POST /graphql ${version}`, ...hosts, ...json]));
    expect([answer.status, codeOf(answer)]).toEqual([400, 'BAD_REQUEST']);
    expect(messageOf(answer)).toContain('got none, several');
  });

  it('is refused when empty, also in HTTP/1.0', async () => {
    const answer = await sendRaw(gateway.url, request(['POST /graphql HTTP/1.0', 'host:', ...json]));
    expect([answer.status, codeOf(answer)]).toEqual([400, 'BAD_REQUEST']);
  });

  it('is required in HTTP/1.1', async () => {
    const answer = await sendRaw(gateway.url, request(['POST /graphql HTTP/1.1', ...json]));
    expect([answer.status, codeOf(answer)]).toEqual([400, 'BAD_REQUEST']);
  });

  it('may be absent in HTTP/1.0', async () => {
    const answer = await sendRaw(
      gateway.url,
      request(['POST /graphql HTTP/1.0', `authorization: Bearer ${token}`, ...json]),
    );
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('Shop demo');
  });

  it.each(['localhost', '127.0.0.1:4000', '[::1]:4000', 'shop.example', 'xn--caf-dma.example.', 'a_b'])(
    'may be %s',
    async host => {
      const answer = await sendRaw(
        gateway.url,
        request(['POST /graphql HTTP/1.1', `host: ${host}`, `authorization: Bearer ${token}`, ...json]),
      );
      expect(answer.status).toBe(200);
    },
  );
});

describe('heads that are no HTTP', () => {
  it.each<[string, string]>([
    ['no request at all', 'hello\r\n\r\n'],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['a space in a header name', request(['GET /health/live HTTP/1.1', 'host: a', 'x y: 1'], '')],
    [
      'a length that is no number',
      request(['POST /graphql HTTP/1.1', 'host: a', 'content-length: many'], ''),
    ],
    ['a negative length', request(['POST /graphql HTTP/1.1', 'host: a', 'content-length: -1'], '')],
    [
      'two different lengths',
      request(['POST /graphql HTTP/1.1', 'host: a', 'content-length: 1', 'content-length: 2'], ''),
    ],
    [
      'a length and chunks',
      request(['POST /graphql HTTP/1.1', 'host: a', 'content-length: 1', 'transfer-encoding: chunked'], ''),
    ],
  ])('%s is refused with 400', async (_what, bytes) => {
    const answer = await sendRaw(gateway.url, bytes);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'BAD_REQUEST']);
    expect(messageOf(answer)).toMatch(/^Expected .*; got .*\./);
    expect(answer.head.toLowerCase()).toContain('connection: close');
  });

  it('headers of 64 KiB are refused with 431', async () => {
    const long = `x-long: ${'a'.repeat(65_536)}`;
    const answer = await sendRaw(gateway.url, request(['GET /health/live HTTP/1.1', 'host: a', long], ''));
    expect([answer.status, codeOf(answer)]).toEqual([431, 'BAD_REQUEST']);
    expect(messageOf(answer)).toMatch(/^Expected shorter headers/);
  });

  it.each(['/%zz', '/graphql%', '/%ff', '/playground/assets/%E0%A4%A'])(
    'a path that is not percent-encoded is refused: %s',
    async path => {
      const answer = await sendRaw(gateway.url, request([`GET ${path} HTTP/1.1`, 'host: a'], ''));
      expect([answer.status, codeOf(answer)]).toEqual([400, 'BAD_REQUEST']);
      expect(answer.body).not.toContain('FST_');
    },
  );

  it('an unknown expectation is refused with 417', async () => {
    const answer = await sendRaw(
      gateway.url,
      request(['POST /graphql HTTP/1.1', 'host: a', 'expect: tea', ...json]),
    );
    expect([answer.status, codeOf(answer)]).toEqual([417, 'BAD_REQUEST']);
  });
});

describe('heads that are no request of this API', () => {
  const bearer = () => ({ authorization: `Bearer ${token}` });

  it.each(['HEAD', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND'])(
    '%s of /graphql is refused with 405 and the methods that exist',
    async method => {
      const answer = await sendRaw(gateway.url, request([`${method} /graphql HTTP/1.1`, 'host: a'], ''));
      expect(answer.status).toBe(405);
      expect(answer.head.toLowerCase()).toContain('\r\nallow: get, post, options');
    },
  );

  it.each([
    ['POST', '/health/live', 'GET, HEAD'],
    ['DELETE', '/metrics', 'GET, HEAD'],
    ['OPTIONS', '/health/ready', 'GET, HEAD'],
  ])('%s of %s is refused with 405', async (method, path, allow) => {
    const answer = await fetch(`${gateway.url}${path}`, { method });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, allow]);
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
  });

  it('OPTIONS names the methods', async () => {
    const answer = await fetch(`${gateway.url}/graphql`, { method: 'OPTIONS' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([204, 'GET, POST, OPTIONS']);
  });

  it.each(['text/plain', 'application/xml', 'application/jsonp', 'multipart/form-data; boundary=x'])(
    'a body of %s is refused with 415',
    async type => {
      const headers = { ...bearer(), 'content-type': type };
      const answer = await fetch(`${gateway.url}/graphql`, { method: 'POST', headers, body });
      expect(answer.status).toBe(415);
      expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
    },
  );

  it('a body without a type is refused with 415', async () => {
    const answer = await sendRaw(
      gateway.url,
      request(['POST /graphql HTTP/1.1', 'host: a', `content-length: ${body.length}`]),
    );
    expect(answer.status).toBe(415);
  });

  it.each(['text/event-stream', 'image/png', 'multipart/mixed; deferSpec=20220824'])(
    'a request that accepts only %s is refused with 406',
    async accept => {
      const headers = { ...bearer(), 'content-type': 'application/json', accept };
      const answer = await fetch(`${gateway.url}/graphql`, { method: 'POST', headers, body });
      expect(answer.status).toBe(406);
      expect(await answer.text()).toContain('sends each response whole');
    },
  );

  it.each([
    ['', 'empty'],
    ['{"query":', 'cannot be parsed'],
    ['[]', 'an array of 0'],
    ['[{"query":"{ __typename }"}]', 'an array of 1'],
    ['null', 'something else'],
    ['7', 'something else'],
    ['{}', 'something else'],
    ['{"query":{"kind":"Document"}}', '`query`'],
    ['{"query":"{ __typename }","variables":"{}"}', '`variables`'],
    ['{"query":"{ __typename }","variables":[]}', '`variables`'],
    ['{"query":"{ __typename }","operationName":1}', '`operationName`'],
    ['{"query":"{ __typename }","extensions":true}', '`extensions`'],
  ])('a body %p is refused in plain words', async (content, word) => {
    const headers = { ...bearer(), 'content-type': 'application/json' };
    const answer = await fetch(`${gateway.url}/graphql`, { method: 'POST', headers, body: content });
    const { errors } = (await answer.json()) as { errors: { message: string; extensions: unknown }[] };
    expect([answer.status, errors[0].extensions]).toEqual([400, { code: 'BAD_REQUEST' }]);
    expect(errors[0].message).toMatch(/^Expected .*; got .*\./);
    expect(errors[0].message).toContain(word);
  });
});

describe('requests that do not arrive in time', () => {
  const slow = { headMs: 40, requestMs: 80, checkEveryMs: 10 };

  it('a head that stops halfway is refused with 408, and its connection closed', async () => {
    const hasty = await startTestGateway({ server: { bounds: slow } });
    try {
      const socket = await openSocket(hasty.url);
      const response = readUntilClose(socket);
      socket.write('POST /graphql HTTP/1.1\r\nhost: a\r\n');
      const answer = await response;
      expect([answer.status, codeOf(answer)]).toEqual([408, 'BAD_REQUEST']);
    } finally {
      await hasty.close();
    }
  });

  it('400 bodies that stop halfway are refused with 408, and their connections closed', async () => {
    const hasty = await startTestGateway({ server: { bounds: slow } });
    try {
      const head = [
        'POST /graphql HTTP/1.1',
        'host: a',
        `authorization: Bearer ${await hasty.token('ADMIN')}`,
      ];
      const bytes = `${[...head, ...json].join('\r\n')}\r\n\r\n{"query":`;
      const answers = await Promise.all(Array.from({ length: 400 }, () => sendRaw(hasty.url, bytes)));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([408]));
      expect(messageOf(answers[0])).toMatch(/^Expected the whole request in time/);
      expect(hasty.unexpected).toEqual([]);
    } finally {
      await hasty.close();
    }
  });

  it('a connection that sends nothing is closed', async () => {
    const hasty = await startTestGateway({ server: { bounds: slow } });
    try {
      expect((await readUntilClose(await openSocket(hasty.url))).status).toBe(408);
    } finally {
      await hasty.close();
    }
  });

  it('beyond the maximum of connections, those that wait for a request are closed for new ones', async () => {
    const small = await startTestGateway({ server: { bounds: { maxConnections: 4 } } });
    try {
      const idle = await Promise.all(Array.from({ length: 4 }, () => openSocket(small.url)));
      const closed = idle.map(readUntilClose);
      for (const socket of idle) socket.write('GET /health/live HTTP/1.1\r\nhost: a\r\n\r\n');
      await Promise.all(idle.map(socket => new Promise(resolve => socket.once('data', resolve))));
      await sendRaw(small.url, '');
      await Promise.all(closed);
      expect((await fetch(`${small.url}/health/live`)).status).toBe(200);
    } finally {
      await small.close();
    }
  });
});
