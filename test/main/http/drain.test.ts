import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HttpServerOptions } from '../../../src/main/server';
import { startTestGateway, type TestGateway } from '../../support/gateway';
import { startProgram } from '../../support/programProcess';
import { startSlowUpload } from '../../support/slowUpload';

const root = join(__dirname, '..', '..', '..');
const start = (server: Partial<HttpServerOptions>): Promise<TestGateway> => startTestGateway({ server });

/** Sends a request over an agent and returns status and headers. */
const get = (url: string, agent: Agent) =>
  new Promise<{ status: number | undefined; connection: string | undefined }>((resolve, reject) => {
    request(url, { agent }, response => {
      const { statusCode, headers } = response;
      response.resume().on('end', () => resolve({ status: statusCode, connection: headers.connection }));
    })
      .on('error', reject)
      .end();
  });

describe('a drain', () => {
  it('turns readiness off, then refuses connections', async () => {
    const gateway = await start({ drainMs: 500, graceMs: 5_000 });
    const closed = gateway.close();
    const ready = await fetch(`${gateway.url}/health/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ missing: ['draining'] });
    expect((await fetch(`${gateway.url}/health/live`)).status).toBe(200);
    await closed;
    await expect(fetch(`${gateway.url}/health/live`)).rejects.toThrow('fetch failed');
  });

  it('sends Connection: close on connections that were kept alive', async () => {
    const gateway = await start({ drainMs: 500, graceMs: 5_000 });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    expect((await get(`${gateway.url}/health/live`, agent)).connection).toBe('keep-alive');
    const closed = gateway.close();
    expect(await get(`${gateway.url}/health/live`, agent)).toEqual({ status: 200, connection: 'close' });
    await closed;
    agent.destroy();
  });

  it('answers a request whose body arrives after connections are refused', async () => {
    const gateway = await start({ drainMs: 1, graceMs: 20_000 });
    const token = await gateway.token('ADMIN');
    const upload = await startSlowUpload(gateway.url, token, '{ shop { name } }');
    // One round trip later the server has read the head of the upload.
    await fetch(`${gateway.url}/health/live`);
    const closed = gateway.close();
    while (await fetch(`${gateway.url}/health/live`).catch(() => null));
    const response = await upload.finish();
    expect(response).toMatch(/^HTTP\/1.1 200 /);
    expect(response.toLowerCase()).toContain('connection: close');
    expect(response).toContain('"shop"');
    await closed;
  });

  it('does not wait for the body of a request that was answered before it, nor for half a head', async () => {
    const gateway = await start({ drainMs: 1, graceMs: 600_000 });
    const upload = await startSlowUpload(gateway.url, 'of-nobody', '{ shop { name } }');
    const { port, hostname } = new URL(gateway.url);
    const half = connect(
      Number(port),
      hostname,
      () => void half.write('GET /health/live HTTP/1.1\r\nhost: '),
    );
    half.on('error', () => undefined);
    await fetch(`${gateway.url}/health/live`);
    await gateway.close();
    await upload.closed.catch(() => undefined);
    half.destroy();
  });

  it('cuts a request that never ends within the grace period, and not later', async () => {
    const gateway = await start({ drainMs: 10, graceMs: 200 });
    const upload = await startSlowUpload(gateway.url, await gateway.token('ADMIN'), '{ shop { name } }');
    await fetch(`${gateway.url}/health/live`);
    await gateway.close();
    await upload.closed.catch(() => undefined);
    await expect(fetch(`${gateway.url}/health/live`)).rejects.toThrow('fetch failed');
  });

  it('answers requests that arrived while the event loop was busy', async () => {
    const gateway = await start({ drainMs: 1, graceMs: 20_000 });
    const folder = mkdtempSync(join(tmpdir(), 'affinity-drain-'));
    const flag = join(folder, 'sent');
    const { port } = new URL(gateway.url);
    const client = startProgram(
      [process.execPath, join(root, 'test', 'support', 'sendBehindBusyLoop.mjs'), port, '60', flag],
      { cwd: folder, env: {} },
    );
    // Blocks this event loop, and with it the server, until the kernel holds every connection and request.
    while (!existsSync(flag));
    await gateway.close();
    await client.ended;
    expect(JSON.parse(client.output())).toEqual(Array(60).fill('HTTP/1.1 200 OK'));
    rmSync(folder, { recursive: true });
  });
});
