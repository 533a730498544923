import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '../../domain/role';
import type { Authenticator } from './authenticator';
import { refuseOtherOrigins } from './sameOrigin';

/** Dependencies of the playground. */
export interface PlaygroundOptions {
  /** Folder of the built page: `dist/web`. */
  readonly folder: string;
  readonly authenticator: Authenticator;
  /** Whether the cookie is sent over HTTPS only: true in production. */
  readonly isSecure: boolean;
}

const cookieName = 'affinity_playground';
const csp = [
  "default-src 'none'",
  "script-src 'self'",
  // The dialogs and the editor of GraphiQL insert styles into the page. Styles from other origins are not allowed.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const files = new Map([
  ['signIn.css', 'text/css; charset=utf-8'],
  ['playground.css', 'text/css; charset=utf-8'],
  ['playground.js', 'text/javascript; charset=utf-8'],
]);
const openFiles: ReadonlySet<string> = new Set(['signIn.css']);

function cookieOf({ headers }: FastifyRequest): string | undefined {
  for (const part of (headers.cookie ?? '').split(';')) {
    const [name, value] = part.trim().split('=', 2);
    if (name === cookieName && value) return value;
  }
  return undefined;
}

/** Returns the credential of a playground request: its `Authorization` header, otherwise the cookie of the session. */
export function playgroundCredential(request: FastifyRequest): string | undefined {
  const { authorization } = request.headers;
  if (authorization !== undefined) return authorization;
  const token = cookieOf(request);
  return token === undefined ? undefined : `Bearer ${token}`;
}

type StaffRole = 'MERCHANDISER' | 'ADMIN';

const staffRoleOf = (principal: Principal | null): StaffRole | null =>
  principal?.role === 'MERCHANDISER' || principal?.role === 'ADMIN' ? principal.role : null;

/** Pages name their origin in the requests that they make to this gateway, and to no other. */
const referrerPolicy = 'same-origin';

const page = (reply: FastifyReply, html: string, status = 200): FastifyReply =>
  reply
    .code(status)
    .type('text/html; charset=utf-8')
    .headers({ 'content-security-policy': csp, 'referrer-policy': referrerPolicy })
    .send(html);

/**
 * Adds the playground: GraphiQL for a signed-in MERCHANDISER or ADMIN, otherwise a sign-in form. The token of the session
 * is in a cookie that scripts cannot read and other sites cannot send.
 */
export function addPlayground(app: FastifyInstance, options: PlaygroundOptions): void {
  const { folder, authenticator, isSecure } = options;
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  if (!existsSync(join(folder, 'playground.js'))) return;
  const signInHtml = read('signIn.html');
  const playgroundHtml = read('playground.html');
  const contents = new Map([...files.keys()].map(name => [name, read(name)]));
  const attributes = `Path=/playground; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;

  /** Returns null when the credential is absent, not valid, or of another role. */
  async function roleOf(credential: string | undefined): Promise<StaffRole | null> {
    try {
      return staffRoleOf(await authenticator.authenticate(credential));
    } catch {
      return null;
    }
  }
  const signedInRole = (request: FastifyRequest): Promise<StaffRole | null> => {
    const token = cookieOf(request);
    return roleOf(token === undefined ? undefined : `Bearer ${token}`);
  };

  app.get('/playground', async (request, reply) => {
    const role = await signedInRole(request);
    return page(
      reply,
      role === null ? signInHtml : playgroundHtml.replace('data-role=""', `data-role="${role}"`),
    );
  });
  app.get<{ Params: { file: string } }>('/playground/assets/:file', async (request, reply) => {
    const { file } = request.params;
    const content = contents.get(file);
    if (content === undefined || !(openFiles.has(file) || (await signedInRole(request)) !== null))
      return reply.callNotFound();
    return reply.type(files.get(file) ?? '').send(content);
  });
  app.register(async scope => {
    // A page of another site must neither start a session of its choice nor end one.
    scope.addHook('onRequest', async request => refuseOtherOrigins(request));
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: 16_384 },
      async (_request: FastifyRequest, body: string) => new URLSearchParams(body),
    );
    scope.post<{ Body: unknown }>('/playground/session', async ({ body }, reply) => {
      const token = body instanceof URLSearchParams ? (body.get('token') ?? '').trim() : '';
      if ((await roleOf(`Bearer ${token}`)) === null) {
        return page(reply, signInHtml.replace('data-refused="no"', 'data-refused="yes"'), 401);
      }
      return reply.header('set-cookie', `${cookieName}=${token}; ${attributes}`).redirect('/playground', 303);
    });
    scope.post('/playground/signOut', async (_request, reply) =>
      reply.header('set-cookie', `${cookieName}=; ${attributes}; Max-Age=0`).redirect('/playground', 303),
    );
  });
}
