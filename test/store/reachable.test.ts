import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { checkRedis } from '../../src/store/bullmq/reachable';
import { checkDatabase } from '../../src/store/prisma/reachable';

const serverUrl = (): URL => new URL(process.env['AFFINITY_TEST_SERVER'] ?? '');

async function refusalOf(check: Promise<void>): Promise<{ readonly code: string; readonly message: string }> {
  const error = await check.then(
    () => null,
    failure => failure,
  );
  expect(error).toMatchObject({ name: 'GatewayError' });
  return error as { code: string; message: string };
}

/** A server that is neither PostgreSQL nor Redis. */
async function startOther(answer: string): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer(socket => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

describe('checkDatabase', () => {
  it('accepts a PostgreSQL that answers', async () => {
    await checkDatabase(serverUrl().href);
  });

  it.each([
    ['a wrong password', { password: 'hunter2' }, /it refused the name or the password\. Correct them/],
    ['an unknown role', { username: 'nobody' }, /it refused the name or the password/],
    ['an unknown database', { pathname: '/missing' }, /it has no such database\. Create the database/],
    [
      'an unknown host',
      { hostname: 'no.such.host.invalid' },
      /(no machine has that name|could not be looked up)/,
    ],
    ['a port without a server', { port: '1' }, /nothing listens there\. Start PostgreSQL/],
  ])('names %s, and no secret', async (_, change, expected) => {
    const url = Object.assign(serverUrl(), change);
    const { code, message } = await refusalOf(checkDatabase(url.href));
    expect(code).toBe('UNAVAILABLE');
    expect(message).toMatch(expected);
    expect(message).toMatch(/^Expected a PostgreSQL at \S+:\d+; [^\n]+$/);
    expect(message).not.toContain('hunter2');
    expect(message).not.toContain(serverUrl().password);
  });

  it('refuses another kind of server, and another kind of address', async () => {
    const { server, port } = await startOther('HTTP/1.1 400 Bad Request\r\n\r\n');
    const { message } = await refusalOf(checkDatabase(`postgres://u:p@127.0.0.1:${port}/x`));
    expect(message).toMatch(/^Expected a PostgreSQL at 127\.0\.0\.1:\d+; it [^\n]+$/);
    server.close();
    for (const url of ['mysql://root@db/x', 'shop', '']) {
      const { code, message: refusal } = await refusalOf(checkDatabase(url));
      expect(code).toBe('CONFIG_INVALID');
      expect(refusal).toContain('starts with postgres://');
    }
  });
});

describe('checkRedis', () => {
  it('names the address of a Redis that does not answer, and how to do without', async () => {
    const { server, port } = await startOther('HTTP/1.1 400 Bad Request\r\n\r\n');
    for (const at of [1, port]) {
      const { code, message } = await refusalOf(checkRedis(`redis://:hunter2@127.0.0.1:${at}`));
      expect(code).toBe('UNAVAILABLE');
      expect(message).toContain(`Expected a Redis at 127.0.0.1:${at}; got `);
      expect(message).toContain('unset it to keep jobs in PostgreSQL');
      expect(message).not.toContain('hunter2');
    }
    server.close();
  });
});
