import { once } from 'node:events';
import { createServer as createHttp } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { checkPort, listenFailure } from '../../../src/main/checks/port';

const host = '127.0.0.1';

async function listen(server: Server): Promise<number> {
  server.listen(0, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function refusalOf(at: string, port: number): Promise<string> {
  const error = await checkPort(at, port).then(
    () => null,
    failure => failure,
  );
  expect(error).toMatchObject({ name: 'GatewayError', code: 'CONFIG_INVALID' });
  return (error as Error).message;
}

describe('checkPort', () => {
  it('accepts a free port, and leaves it free', async () => {
    const server = createServer();
    const port = await listen(server);
    server.close();
    await once(server, 'close');
    await checkPort(host, port);
    await checkPort(host, port);
    await checkPort(host, 0);
  });

  it('names a busy port and another one, which it accepts', async () => {
    const server = createServer(socket => socket.destroy());
    const port = await listen(server);
    const message = await refusalOf(host, port);
    expect(message).toContain(`Expected port ${port} of ${host} to be free; another process listens there.`);
    const remedy = Number(/PORT=(\d+)\.$/.exec(message)?.[1]);
    expect(remedy).not.toBe(port);
    await checkPort(host, remedy);
    server.close();
  });

  it('says when another Affinity listens there', async () => {
    const server = createHttp((_request, response) => response.end('{"status":"live"}'));
    const port = await listen(server);
    expect(await refusalOf(host, port)).toContain('another Affinity listens there');
    server.close();
  });

  it.each(['203.0.113.7', 'no.such.host.invalid'])(
    'refuses %s, which is not of this machine',
    async address => {
      const message = await refusalOf(address, 4000);
      expect(message).toContain(`got ${address}. Set HOST=127.0.0.1`);
      await checkPort('127.0.0.1', 0);
    },
  );

  it('explains a reserved port', async () => {
    const { message } = await listenFailure(host, 80, Object.assign(new Error(), { code: 'EACCES' }));
    expect(message).toMatch(/got 80, which the system reserves.*PORT=4000/);
  });
});
