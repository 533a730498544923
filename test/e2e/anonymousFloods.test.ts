import { deferred } from '../support/deferred';
import { startTestGateway, type TestGateway } from '../support/gateway';
import { openSocket, readUntilClose, sendRaw } from '../support/rawHttp';

const origin = 'https://shop.example';
const operation = '{ shop { shopId } }';

/** A gateway whose refusals are paced by a clock of the test, and wait until they are released. */
async function startPacedGateway(
  use: (gateway: TestGateway, delays: readonly number[], release: () => void) => Promise<void>,
  maxWaiting = 10,
): Promise<void> {
  const delays: number[] = [];
  const gate = deferred<void>();
  const sleep = (milliseconds: number) => {
    delays.push(milliseconds);
    return gate.promise;
  };
  const refusals = { maxWaiting, clock: () => 0, sleep };
  const gateway = await startTestGateway({ server: { corsOrigins: [origin], refusals, graceMs: 600_000 } });
  try {
    await use(gateway, delays, gate.resolve);
  } finally {
    gate.resolve();
    await gateway.close();
  }
}

const ask = (gateway: TestGateway, headers: Record<string, string> = {}) =>
  fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin, ...headers },
    body: JSON.stringify({ query: operation }),
  });

/** Causes as many refusals as one address may cause at once, and returns the last of them. */
async function spendBurst(gateway: TestGateway): Promise<Response> {
  for (let i = 0; i < 100; i++) expect((await ask(gateway)).status).toBe(401);
  return ask(gateway);
}

const until = async (isTrue: () => boolean) => {
  for (let turn = 0; turn < 100_000 && !isTrue(); turn++)
    await new Promise<void>(resolve => setImmediate(resolve));
};

/** What a client sees of a refusal. */
const seenOf = async (response: Response) => ({
  status: response.status,
  challenge: response.headers.get('www-authenticate'),
  origin: response.headers.get('access-control-allow-origin'),
  caching: response.headers.get('cache-control'),
  body: await response.json(),
});

const head = (path: string, bytes: number) =>
  `POST ${path} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: ${bytes}\r\n\r\n`;

describe('a flood without a credential', () => {
  it('is refused slowly, in the same words as a single request, and delays no caller with a credential', () =>
    startPacedGateway(async (gateway, delays, release) => {
      const single = await seenOf(await spendBurst(gateway));
      expect(delays).toEqual([]);
      const flood = [ask(gateway), ask(gateway), ask(gateway)];
      await until(() => delays.length === 3);
      expect(delays).toEqual([20, 40, 60]);
      const { status, body } = await gateway.ask(await gateway.token('STOREFRONT'), operation);
      expect([status, body.errors]).toEqual([200, undefined]);
      release();
      for (const refused of await Promise.all(flood)) expect(await seenOf(refused)).toEqual(single);
      const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
      expect(metrics).toContain('affinity_refusals_delayed_total 3');
      expect(metrics).toMatch(/affinity_operation_duration_seconds_count\{[^}]*"none"[^}]*\} 104\n/);
    }));

  it('is refused without its bodies', () =>
    startPacedGateway(async (gateway, delays, release) => {
      await spendBurst(gateway);
      const socket = await openSocket(gateway.url);
      const first = new Promise<Buffer>(resolve => socket.once('data', resolve));
      socket.write(head('/graphql', 1_000_000));
      await until(() => delays.length === 1);
      release();
      expect((await first).toString()).toMatch(/^HTTP\/1\.1 401 /);
      socket.destroy();
    }));

  it.each<[string, Record<string, string>, string]>([
    ['a token that is not one', { authorization: 'Bearer nonsense' }, '/graphql'],
    [
      'a key that is unknown',
      { authorization: `Bearer aff_${'a'.repeat(16)}_${'b'.repeat(43)}` },
      '/graphql',
    ],
    ['a path that does not exist', {}, '/nowhere'],
    ['a body that is not JSON', { 'content-type': 'text/plain' }, '/graphql'],
    ['the playground without a session', {}, '/playground/graphql'],
  ])('is slowed down whatever it sends: %s', (_what, headers, path) =>
    startPacedGateway(async (gateway, delays, release) => {
      await spendBurst(gateway);
      const refused = fetch(`${gateway.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: '{}',
      });
      await until(() => delays.length === 1);
      release();
      expect((await refused).status).toBeGreaterThanOrEqual(400);
    }),
  );

  it.each([
    ['without a credential', ''],
    ['with a wrong one', 'authorization: Bearer x\r\n'],
  ])('loses a connection on which it sends on without waiting: %s', (_what, header) =>
    startPacedGateway(async (gateway, delays, release) => {
      await spendBurst(gateway);
      const one = `${head('/graphql', 2).replace('\r\n\r\n', `\r\n${header}\r\n`)}{}`;
      const seen = sendRaw(gateway.url, one + one);
      await until(() => delays.length === 1);
      release();
      expect((await seen).body).not.toContain('HTTP/1.1');
      const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
      expect(metrics).toContain('affinity_refusals_cut_total 1');
    }),
  );

  it('loses the connections beyond those that may wait', () =>
    startPacedGateway(async (gateway, delays, release) => {
      await spendBurst(gateway);
      const waiting = [ask(gateway), ask(gateway)];
      await until(() => delays.length === 2);
      await expect(ask(gateway)).rejects.toThrow('fetch failed');
      release();
      expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([401, 401]);
    }, 2));

  it('waits for the refusal of a head that cannot be parsed', () =>
    startPacedGateway(async (gateway, delays, release) => {
      await spendBurst(gateway);
      const seen = sendRaw(gateway.url, 'NONSENSE\r\n\r\n');
      await until(() => delays.length === 1);
      release();
      expect((await seen).status).toBe(400);
    }));

  it('does not hold up a stop, and its responses close their connections', () =>
    startPacedGateway(async (gateway, delays, release) => {
      await spendBurst(gateway);
      const socket = await openSocket(gateway.url);
      const response = readUntilClose(socket);
      socket.write(`${head('/graphql', 2)}{}`);
      await until(() => delays.length === 1);
      const closed = gateway.close();
      release();
      const { status, head: received } = await response;
      expect([status, received.toLowerCase()]).toEqual([401, expect.stringContaining('connection: close')]);
      await closed;
    }));
});
