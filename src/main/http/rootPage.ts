import type { FastifyInstance } from 'fastify';

const csp = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
const playgroundLink = '<li><a href="/playground">/playground</a>: try operations in a browser</li>\n';

const pageOf = (hasPlayground: boolean): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Affinity</title>
<h1>Affinity</h1>
<ul>
<li><code>/graphql</code>: the GraphQL API</li>
${hasPlayground ? playgroundLink : ''}<li><a href="/health/ready">/health/ready</a>, <a href="/health/live">/health/live</a>: health</li>
</ul>
</html>
`;

/** Adds `/`: a page that names the paths of the gateway. */
export function addRootPage(app: FastifyInstance, hasPlayground: boolean): void {
  const page = pageOf(hasPlayground);
  app.get('/', async (_request, reply) =>
    reply.type('text/html; charset=utf-8').header('content-security-policy', csp).send(page),
  );
}
