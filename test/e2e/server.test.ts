import { request as httpRequest } from 'node:http';
import { GatewayError } from '../../src/domain/errors';
import { createMetrics } from '../../src/main/http/metrics';
import { createMemoryStores } from '../../src/store/memory/stores';
import { deferred } from '../support/deferred';
import { startTestGateway, type TestGateway } from '../support/gateway';

const recommendations = '{ viewer(userId: "anna") { recommendations(first: 3) { strategy } } }';

describe('a healthy gateway', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway.close());

  it('is live and ready', async () => {
    expect(await (await fetch(`${gateway.url}/health/live`)).json()).toEqual({ status: 'live' });
    const ready = await fetch(`${gateway.url}/health/ready`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toEqual({ status: 'ready', parts: { database: true } });
  });

  it('counts operations by root field, outcomes and events, and no values that clients choose', async () => {
    const token = await gateway.token('ADMIN');
    await gateway.ask(token, `query Invented { product(productId: "p01") { title } }`);
    await gateway.ask(null, '{ inventedField }');
    const input = { userId: 'anna', events: [{ eventId: 'm1', type: 'VIEW', productId: 'p01' }] };
    await gateway.ask(
      token,
      'mutation ($input: EventsTrackInput!) { eventsTrack(input: $input) { accepted } }',
      { input },
    );
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
    expect(metrics).toContain(
      'affinity_operation_duration_seconds_count{operation="product",outcome="ok"} 1',
    );
    expect(metrics).toContain(
      'affinity_operation_duration_seconds_count{operation="none",outcome="error"} 1',
    );
    expect(metrics).toContain('affinity_events_total{status="accepted"} 1');
    expect(metrics).not.toMatch(/invented|anna|p01/i);
  });

  it('names every metric as Prometheus does: counters end in _total, and process metrics have their standard names', async () => {
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
    const typeOf = new Map(
      [...metrics.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type]),
    );
    for (const [name, type] of typeOf) {
      expect([name, /_total$/.test(name)]).toEqual([name, type === 'counter']);
    }
    expect(typeOf.get('affinity_events_total')).toBe('counter');
    expect(createMetrics(true).registry.getSingleMetric('process_cpu_seconds_total')).toBeDefined();
    expect(createMetrics(true).registry.getSingleMetric('nodejs_eventloop_lag_seconds')).toBeDefined();
  });

  it('reads a counter that is kept elsewhere each time', async () => {
    let value = 2;
    const { registry, counter } = createMetrics(false);
    counter('test_total', 'A test.', () => value);
    expect(await registry.getSingleMetricAsString('test_total')).toContain('test_total 2');
    value = 5;
    expect(await registry.getSingleMetricAsString('test_total')).toContain('test_total 5');
  });

  it('names its paths at /', async () => {
    const response = await fetch(`${gateway.url}/`);
    expect(response.status).toBe(200);
    const page = await response.text();
    for (const path of ['/graphql', '/health/ready', '/health/live']) expect(page).toContain(path);
    // This gateway has no playground.
    expect(page).not.toContain('/playground');
  });

  it('responds with no-store, a request id and security headers', async () => {
    const { headers } = await gateway.ask(await gateway.token('ADMIN'), '{ shop { name } }');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('ignores request ids of clients', async () => {
    const response = await fetch(`${gateway.url}/health/live`, {
      headers: { 'x-request-id': 'mine', 'request-id': 'mine' },
    });
    expect(response.headers.get('x-request-id')).not.toBe('mine');
  });

  it('logs each response, without ids, variables or tokens', async () => {
    const token = await gateway.token('SHOPPER', { user: 'anna' });
    await gateway.ask(token, 'query ($id: ID!) { product(productId: $id) { title } }', { id: 'canary-7431' });
    await gateway.ask(token, '{ user(userId: "canary-7431") { id } }');
    const get = `${gateway.url}/graphql?query=${encodeURIComponent('{product(productId:"canary-7431"){id}}')}`;
    await fetch(get, { headers: { authorization: `Bearer ${token}`, 'apollo-require-preflight': '1' } });
    const log = gateway.logLines.join('');
    expect(log).toContain('"route":"/graphql"');
    expect(log).not.toContain('canary-7431');
    expect(log).not.toContain('anna');
    expect(log).not.toContain(token);
  });

  it('responds to unknown paths in the form of GraphQL errors', async () => {
    const response = await fetch(`${gateway.url}/nowhere`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
  });
});

describe('when something fails', () => {
  const failing = async (error: unknown) =>
    startTestGateway({
      recommender: fake => ({
        ...fake,
        async recommend() {
          throw error;
        },
      }),
    });

  it.each([1, 3])(
    'a bug is masked behind a correlation id that is in the log, also on run %i',
    async runs => {
      const gateway = await failing(new Error('SELECT secret FROM users WHERE id = anna'));
      try {
        const storefront = await gateway.token('STOREFRONT');
        let answer = await gateway.ask(storefront, recommendations);
        for (let run = 1; run < runs; run++) answer = await gateway.ask(storefront, recommendations);
        expect(answer.text).not.toMatch(/SELECT|secret|stack/i);
        const extensions = answer.body.errors?.[0].extensions ?? {};
        expect(extensions).toEqual({
          code: 'INTERNAL_SERVER_ERROR',
          correlationId: answer.headers.get('x-request-id'),
        });
        expect(answer.body.errors?.[0].path).toEqual(['viewer', 'recommendations']);
        expect(gateway.logLines.join('')).toContain(String(extensions['correlationId']));
        expect(gateway.unexpected).toHaveLength(runs);
      } finally {
        await gateway.close();
      }
    },
  );

  it('a thrown value that is not an error is masked too', async () => {
    const gateway = await failing('SELECT secret');
    try {
      const answer = await gateway.ask(await gateway.token('STOREFRONT'), recommendations);
      expect(answer.text).not.toContain('SELECT');
      expect(answer.body.errors?.[0].extensions['code']).toBe('INTERNAL_SERVER_ERROR');
    } finally {
      await gateway.close();
    }
  });

  it('without a database the response is 503 UNAVAILABLE with Retry-After', async () => {
    const stores = createMemoryStores();
    const page = () =>
      Promise.reject(new GatewayError('UNAVAILABLE', 'The database cannot be reached. Try again.'));
    const gateway = await startTestGateway({ stores: { ...stores, products: { ...stores.products, page } } });
    try {
      const answer = await gateway.ask(await gateway.token('STOREFRONT'), '{ products { nodes { id } } }');
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('1');
      expect(answer.body.errors?.[0].extensions['code']).toBe('UNAVAILABLE');
      expect(gateway.unexpected).toEqual([]);
    } finally {
      await gateway.close();
    }
  });

  it('a list that cannot be made is null with UNAVAILABLE and Retry-After, beside the rest', async () => {
    const gateway = await failing(
      new GatewayError('UNAVAILABLE', 'The database cannot be reached. Try again.'),
    );
    try {
      const answer = await gateway.ask(await gateway.token('STOREFRONT'), recommendations);
      expect(answer.status).toBe(200);
      expect(answer.body.data).toEqual({ viewer: { recommendations: null } });
      expect(answer.headers.get('retry-after')).toBe('1');
      expect(answer.body.errors?.[0].extensions['code']).toBe('UNAVAILABLE');
      expect(gateway.unexpected).toEqual([]);
    } finally {
      await gateway.close();
    }
  });

  it('readiness lists the missing parts', async () => {
    const gateway = await startTestGateway({
      server: {
        readiness: [
          { name: 'database', isReady: () => true },
          { name: 'queue', isReady: () => Promise.reject(new Error('gone')) },
          { name: 'models', isReady: () => false },
        ],
      },
    });
    try {
      const response = await fetch(`${gateway.url}/health/ready`);
      expect(response.status).toBe(503);
      expect(await response.json()).toEqual({
        status: 'unavailable',
        missing: ['queue', 'models'],
        parts: { database: true, queue: false, models: false },
      });
    } finally {
      await gateway.close();
    }
  });
});

describe('when closing', () => {
  /** A gateway whose recommendations wait until they are released. */
  async function slowGateway(graceMs?: number) {
    const gate = deferred<void>();
    const entered = deferred<void>();
    let count = 0;
    const gateway = await startTestGateway({
      ...(graceMs === undefined ? {} : { server: { graceMs } }),
      recommender: fake => ({
        ...fake,
        async recommend(request) {
          if (++count === 10) entered.resolve();
          await gate.promise;
          return fake.recommend(request);
        },
      }),
    });
    return { gateway, gate, entered: entered.promise };
  }

  it('finishes requests in progress, refuses new ones, and then stops', async () => {
    const { gateway, gate, entered } = await slowGateway();
    const storefront = await gateway.token('STOREFRONT');
    const inFlight = Array.from({ length: 10 }, () => gateway.ask(storefront, recommendations));
    await entered;
    const closed = gateway.close();
    await expect(fetch(`${gateway.url}/health/live`)).rejects.toThrow();
    gate.resolve();
    const answers = await Promise.all(inFlight);
    expect(answers.map(({ status, body }) => [status, body.errors])).toEqual(
      Array(10).fill([200, undefined]),
    );
    await closed;
    await gateway.close();
  });

  it('closes connections of requests that are not finished in time', async () => {
    const { gateway, gate, entered } = await slowGateway(50);
    const storefront = await gateway.token('STOREFRONT');
    const inFlight = Array.from({ length: 10 }, () =>
      gateway.ask(storefront, recommendations).catch(() => 'cut'),
    );
    await entered;
    await gateway.close();
    expect(new Set(await Promise.all(inFlight))).toEqual(new Set(['cut']));
    gate.resolve();
  });

  it('does not wait for idle connections', async () => {
    const gateway = await startTestGateway();
    const { port } = new URL(gateway.url);
    await new Promise<void>((resolve, reject) => {
      const request = httpRequest(
        { port, path: '/health/live', headers: { connection: 'keep-alive' } },
        response => {
          response.resume().on('end', resolve);
        },
      );
      request.on('error', reject).end();
    });
    await gateway.close();
  });
});
