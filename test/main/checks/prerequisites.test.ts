import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPrerequisites } from '../../../src/main/checks/prerequisites';
import { parseConfig } from '../../../src/main/config';

const folder = mkdtempSync(join(tmpdir(), 'affinity-prerequisites-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the checks with a database that refuses connections, which is checked last. */
async function refusalOf(env: Readonly<Record<string, string>>) {
  const databaseUrl = 'postgresql://nobody@127.0.0.1:1/none';
  const config = parseConfig({ PORT: '0', AFFINITY_DATA_DIR: folder, DATABASE_URL: databaseUrl, ...env });
  const error = await checkPrerequisites(config, () => undefined).then(
    () => null,
    (failure: Error) => failure,
  );
  return error as { readonly code: string; readonly message: string } | null;
}

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('before the database is opened', () => {
  it('a busy health port is named, with a free one for its own setting', async () => {
    const server = createServer(socket => socket.destroy()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const refusal = await refusalOf({ AFFINITY_HEALTH_PORT: `${port}` });
    expect(refusal?.code).toBe('CONFIG_INVALID');
    expect(refusal?.message).toMatch(
      new RegExp(
        `^Expected port ${port} of .*another process listens there\\. .*: AFFINITY_HEALTH_PORT=\\d+\\.$`,
      ),
    );
    const [, free] = /AFFINITY_HEALTH_PORT=(\d+)/.exec(refusal?.message ?? '') ?? [];
    expect((await refusalOf({ AFFINITY_HEALTH_PORT: free }))?.code).toBe('UNAVAILABLE');
    server.close();
  });

  it('one port for requests and health is refused', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const refusal = await refusalOf({ PORT: `${port}`, AFFINITY_HEALTH_PORT: `${port}` });
    expect(refusal?.message).toMatch(/to be another port than PORT; .* Set AFFINITY_HEALTH_PORT=\d+\.$/);
    expect((await refusalOf({ PORT: '0', AFFINITY_HEALTH_PORT: '0' }))?.code).toBe('UNAVAILABLE');
  });

  it.each([
    ['that does not exist', () => join(folder, 'none.json'), 'got ENOENT'],
    [
      'that is a folder',
      () => {
        mkdirSync(join(folder, 'sub'));
        return join(folder, 'sub');
      },
      'got EISDIR',
    ],
    ['that is no JSON', () => write('text.json', 'query { shop { name } }'), 'got text that is not JSON'],
    ['without documents', () => write('empty.json', '{}'), 'got a manifest without documents'],
    ['of another format', () => write('other.json', '{"format": "x"}'), 'got an unknown format'],
  ])('a manifest of trusted documents %s is refused', async (_what, path, got) => {
    const refusal = await refusalOf({ AFFINITY_TRUSTED_DOCUMENTS: path() });
    expect([refusal?.code, refusal?.message]).toEqual(['CONFIG_INVALID', expect.stringContaining(got)]);
    expect(refusal?.message).not.toContain('\n');
  });

  it('a good manifest passes', async () => {
    const path = write('good.json', '{"a": "{ shop { name } }"}');
    expect((await refusalOf({ AFFINITY_TRUSTED_DOCUMENTS: path }))?.code).toBe('UNAVAILABLE');
  });
});
