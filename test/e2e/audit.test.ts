import { auditServer } from 'graphql-http';
import { startTestGateway, type TestGateway } from '../support/gateway';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

test('passes all 61 audits of GraphQL over HTTP, with protection against request forgery enabled', async () => {
  // Five audits query __type, which only staff may.
  const authorization = `Bearer ${await gateway.token('ADMIN')}`;
  const results = await auditServer({
    url: `${gateway.url}/graphql`,
    fetchFn: (url: string, init: RequestInit = {}) =>
      fetch(url, {
        ...init,
        headers: {
          ...(init.headers as Record<string, string>),
          authorization,
          'apollo-require-preflight': '1',
        },
      }),
  });
  const failed = results.filter(({ status }) => status !== 'ok');
  expect(failed.map(({ id, name, status }) => `${status} ${id} ${name}`)).toEqual([]);
  expect(results).toHaveLength(61);
});
