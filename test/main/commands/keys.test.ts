import { Command } from 'commander';
import { toShopId } from '../../../src/domain/ids';
import { registerKeys, stateOf } from '../../../src/main/commands/keys';
import { createApiKeyChecker } from '../../../src/main/http/apiKeyChecker';
import { createMemoryStores } from '../../../src/store/memory/stores';
import { seedShops } from '../../support/seedShops';

/** Runs `affinity keys …` over memory stores and returns its output. */
async function setUp() {
  const stores = createMemoryStores();
  await seedShops(stores, Date.now());
  const run = async (...args: string[]): Promise<string> => {
    const printed: string[] = [];
    const log = jest.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
    const error = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const program = new Command('affinity').exitOverride();
    registerKeys(program, async () => ({ stores, close: () => Promise.resolve() }));
    for (const command of program.commands[0].commands)
      command.exitOverride().configureOutput({ writeErr: () => undefined });
    try {
      await program.parseAsync(['keys', ...args], { from: 'user' });
    } finally {
      log.mockRestore();
      error.mockRestore();
    }
    return printed.join('\n');
  };
  const checker = createApiKeyChecker(stores.apiKeys, error => {
    throw error;
  });
  return { stores, run, checker };
}

describe('affinity keys', () => {
  it('prints a working key, lists it, and revokes it', async () => {
    const { run, checker } = await setUp();
    const key = await run('create', '--role', 'STOREFRONT', '--label', 'web', '--shop', 'rival');
    await expect(checker.check(key, Date.now())).resolves.toMatchObject({
      shopId: 'rival',
      role: 'STOREFRONT',
    });
    const [listed] = JSON.parse(await run('list', '--json', '--shop', 'rival')) as {
      id: string;
      state: string;
    }[];
    expect(listed).toMatchObject({ state: 'good', label: 'web', role: 'STOREFRONT' });
    expect(key).toContain(listed.id);
    const [heading, row, ...others] = (await run('list', '--shop', 'rival')).split('\n');
    expect(heading).toMatch(/^id +role +state +created +expires +lastUsed +label$/);
    expect(row).toMatch(new RegExp(`^${listed.id} +STOREFRONT +good +\\d{4}-\\d\\d-\\d\\d +- +\\S+ +web$`));
    expect(others).toEqual([]);
    await run('revoke', listed.id, '--shop', 'rival');
    checker.forget(listed.id);
    await expect(checker.check(key, Date.now())).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await expect(run('revoke', listed.id, '--shop', 'rival')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('expires a key after its days', async () => {
    const { run, checker } = await setUp();
    const { key } = JSON.parse(
      await run('create', '--role', 'INGEST', '--label', 'feed', '--days', '2', '--json'),
    ) as { key: string };
    const day = 86_400_000;
    await expect(checker.check(key, Date.now() + day)).resolves.toMatchObject({ role: 'INGEST' });
    await expect(checker.check(key, Date.now() + 3 * day)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it.each([
    ['no role', ['create', '--label', 'x']],
    ['the role of shoppers', ['create', '--label', 'x', '--role', 'SHOPPER']],
    ['an empty label', ['create', '--label', ' ', '--role', 'ADMIN']],
    ['no days', ['create', '--label', 'x', '--role', 'ADMIN', '--days', '0']],
    ['an unknown shop', ['list', '--shop', 'nowhere']],
  ])('rejects %s', async (_what, args) => {
    const { run, stores } = await setUp();
    await expect(run(...args)).rejects.toThrow();
    expect(await stores.apiKeys.listOf(toShopId('demo'))).toEqual([]);
  });

  it('reports the state of a key', () => {
    const key = {
      shopId: toShopId('demo'),
      id: 'k',
      label: '',
      role: 'ADMIN',
      secretHash: new Uint8Array(),
      createdAt: 0,
      lastUsedAt: null,
    } as const;
    expect(stateOf({ ...key, expiresAt: null, revokedAt: null }, 5)).toBe('good');
    expect(stateOf({ ...key, expiresAt: 5, revokedAt: null }, 5)).toBe('expired');
    expect(stateOf({ ...key, expiresAt: 9, revokedAt: 1 }, 5)).toBe('revoked');
  });
});
