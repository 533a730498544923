import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../../src/main/config';
import { jwtSettingsOf } from '../../src/main/tokens';

let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'affinity-tokens-'));
});

afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

async function secretOf(folder: string): Promise<string> {
  const { keys } = await jwtSettingsOf(parseConfig({ AFFINITY_DATA_DIR: folder }));
  if (keys.kind !== 'secret') throw new Error('Expected a secret.');
  return keys.secret;
}

describe('the development secret', () => {
  it('is made once by processes that start at once, readable by its owner only', async () => {
    const secrets = await Promise.all([secretOf(dataDir), secretOf(dataDir), secretOf(dataDir)]);
    expect(new Set(secrets).size).toBe(1);
    expect(secrets[0]).toMatch(/^[\w-]{43}$/);
    expect(await secretOf(dataDir)).toBe(secrets[0]);
    expect(readdirSync(dataDir)).toEqual(['jwt-secret']);
    expect(statSync(join(dataDir, 'jwt-secret')).mode & 0o077).toBe(0);
  });

  it.each(['', 'half-wr'])('replaces "%s", which a killed process left', async left => {
    writeFileSync(join(dataDir, 'jwt-secret'), left);
    const secret = await secretOf(dataDir);
    expect(secret).toHaveLength(43);
    expect(readFileSync(join(dataDir, 'jwt-secret'), 'utf8')).toBe(secret);
  });

  it('is refused with one sentence where the data folder cannot be written', async () => {
    writeFileSync(join(dataDir, 'file'), '');
    await expect(secretOf(join(dataDir, 'file', 'data'))).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('AFFINITY_DATA_DIR'),
    });
  });
});
