import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createHttp } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { readHealth } from '../../../src/main/checks/health';

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/health/live`;
}

describe('readHealth', () => {
  it('returns status and body of a response', async () => {
    const server = createHttp((_request, response) =>
      response.writeHead(503).end('{"status":"unavailable"}'),
    );
    expect(await readHealth(await listen(server), 2_000)).toEqual({
      status: 503,
      body: '{"status":"unavailable"}',
    });
    server.close();
  });

  it.each([
    ['closes the connection at once', () => createServer(socket => socket.destroy())],
    [
      'breaks off its response',
      () => createServer(socket => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf')),
    ],
    ['speaks another protocol', () => createServer(socket => socket.end('-ERR unknown command\r\n'))],
    ['never responds', () => createServer(() => undefined)],
  ])('returns null where the server %s', async (_, create) => {
    const sockets: { destroy(): void }[] = [];
    const server = create().on('connection', socket => sockets.push(socket));
    expect(await readHealth(await listen(server), 100)).toBeNull();
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  it('keeps a process alive that has no other work', () => {
    const script = `const server = require('net').createServer(socket => socket.destroy()).listen(0, '127.0.0.1', async () => {
        server.unref();
        const { readHealth } = require('./checks/health.js');
        console.log(await readHealth('http://127.0.0.1:' + server.address().port + '/', 1000));
      });`;
    const cwd = join(__dirname, '..', '..', '..', 'dist', 'main');
    expect(execFileSync(process.execPath, ['-e', script], { cwd, encoding: 'utf8' })).toBe('null\n');
  });
});
