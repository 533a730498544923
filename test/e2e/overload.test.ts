import { deferred } from '../support/deferred';
import { type Answer, startTestGateway, type TestGateway } from '../support/gateway';

const recommendations = '{ viewer { recommendations(first: 3) { listId } } }';

/** A gateway with one place and one that may wait, whose recommendations take until they are released. */
async function startBusyGateway(use: (gateway: TestGateway, release: () => void) => Promise<void>) {
  const gate = deferred<void>();
  const entered = deferred<void>();
  const gateway = await startTestGateway({
    server: {
      corsOrigins: ['https://shop.example'],
      admission: { minInProgress: 1, maxInProgress: 1, maxWaiting: 1, maxWaitMs: 60_000 },
    },
    recommender: fake => ({
      ...fake,
      async recommend(request) {
        entered.resolve();
        await gate.promise;
        return fake.recommend(request);
      },
    }),
  });
  try {
    const storefront = await gateway.token('STOREFRONT');
    const busy = gateway.ask(storefront, recommendations);
    await entered.promise;
    await use(gateway, gate.resolve);
    expect((await busy).status).toBe(200);
  } finally {
    gate.resolve();
    await gateway.close();
  }
}

describe('a gateway with as many requests as it can work on', () => {
  it('refuses more with 503 and Retry-After, executes none of them, and serves those that waited', () =>
    startBusyGateway(async (gateway, release) => {
      const storefront = await gateway.token('STOREFRONT');
      const fiveRefused = deferred<Answer>();
      let refusals = 0;
      const answers = Array.from({ length: 6 }, async () => {
        const answer = await gateway.ask(storefront, recommendations);
        if (answer.status === 503 && ++refusals === 5) fiveRefused.resolve(answer);
        return answer;
      });
      const refused = await fiveRefused.promise;
      expect([refused.headers.get('retry-after'), refused.body.errors?.[0].extensions]).toEqual([
        '1',
        { code: 'OVERLOADED' },
      ]);
      // A preflight is answered, and pages of an allowed origin can read the refusal.
      const page = { origin: 'https://shop.example', 'access-control-request-method': 'POST' };
      expect((await fetch(`${gateway.url}/graphql`, { method: 'OPTIONS', headers: page })).status).toBe(204);
      const headers = { origin: page.origin, 'content-type': 'application/json' };
      const sixth = await fetch(`${gateway.url}/graphql`, { method: 'POST', headers, body: '{}' });
      expect([sixth.status, sixth.headers.get('access-control-allow-origin')]).toEqual([503, page.origin]);
      release();
      const statuses = (await Promise.all(answers)).map(({ status }) => status).sort();
      expect(statuses).toEqual([200, 503, 503, 503, 503, 503]);
      const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
      expect(metrics).toContain('affinity_requests_shed_total 6');
      expect(gateway.recommender.asked.filter(({ kind }) => kind === 'recommend')).toHaveLength(2);
    }));

  it.each(['/health/live', '/health/ready', '/metrics', '/'])('responds at %s', path =>
    startBusyGateway(async (gateway, release) => {
      const storefront = await gateway.token('STOREFRONT');
      const waiting = gateway.ask(storefront, recommendations);
      expect((await fetch(`${gateway.url}${path}`)).status).toBe(200);
      release();
      expect((await waiting).status).toBe(200);
    }),
  );
});
