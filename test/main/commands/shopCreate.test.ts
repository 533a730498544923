import { Command } from 'commander';
import { toShopId } from '../../../src/domain/ids';
import { registerShop } from '../../../src/main/commands/shop';
import { createMemoryStores } from '../../../src/store/memory/stores';

function setUp() {
  const stores = createMemoryStores();
  let opened = 0;
  const run = async (...args: string[]): Promise<string> => {
    const printed: string[] = [];
    const log = jest.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
    const program = new Command('affinity');
    registerShop(program, async () => {
      opened++;
      return { stores, close: () => Promise.resolve() };
    });
    for (const command of program.commands[0].commands)
      command.exitOverride().configureOutput({ writeErr: () => undefined });
    try {
      await program.parseAsync(['shop', 'create', ...args], { from: 'user' });
    } finally {
      log.mockRestore();
    }
    return printed.join('\n');
  };
  return { stores, run, opened: () => opened, find: (id: string) => stores.shops.find(toShopId(id)) };
}

const teas = ['--shop', 'teas', '--name', 'Old Ferry Teas', '--currency', 'CNY', '--locale', 'zh-hans-cn'];

describe('affinity shop create', () => {
  it('creates a shop, with a canonical locale', async () => {
    const { run, find } = setUp();
    expect(await run(...teas)).toContain('Created shop "teas"');
    expect(await find('teas')).toMatchObject({
      name: 'Old Ferry Teas',
      currency: 'CNY',
      defaultLocale: 'zh-Hans-CN',
    });
  });

  it('names a shop by its id, in English, unless told otherwise', async () => {
    const { run, find } = setUp();
    expect(JSON.parse(await run('--shop', 'S', '--currency', 'EUR', '--json'))).toEqual({
      id: 'S',
      name: 'S',
      currency: 'EUR',
      defaultLocale: 'en',
      created: true,
    });
    expect(await find('S')).toMatchObject({ name: 'S', defaultLocale: 'en' });
  });

  it('may be repeated, and leaves the policy of the shop alone', async () => {
    const { run, find, stores } = setUp();
    await run(...teas);
    await stores.shops.changePolicy(toShopId('teas'), { 'newcomers.every': 5 });
    expect(await run(...teas)).toContain('nothing was changed');
    expect((await find('teas'))?.policy.newcomers.every).toBe(5);
  });

  it('refuses to change an existing shop, and names what differs', async () => {
    const { run, find } = setUp();
    await run(...teas);
    await expect(run('--shop', 'teas', '--currency', 'USD')).rejects.toThrow(
      /It has --name Old Ferry Teas, --currency CNY, --locale zh-Hans-CN/,
    );
    expect(await find('teas')).toMatchObject({ currency: 'CNY' });
  });

  it('names every bad option in one message, before it opens the database', async () => {
    const { run, opened } = setUp();
    const asked = run('--shop', ' teas', '--name', '  ', '--currency', 'euro', '--locale', 'en_');
    for (const option of ['--shop: ', '--name: ', '--currency: ', '--locale: '])
      await expect(asked).rejects.toThrow(option);
    await expect(asked).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(opened()).toBe(0);
  });

  it.each([
    ['a NUL', ['--shop', 'a\0b', '--currency', 'EUR']],
    ['an id that is too long', ['--shop', 'x'.repeat(257), '--currency', 'EUR']],
    ['no id', ['--shop', '', '--currency', 'EUR']],
    ['an empty currency', ['--shop', 'x', '--currency', '']],
    ['no currency', ['--shop', 'x']],
  ])('refuses %s', async (_what, args) => {
    const { run, stores } = setUp();
    await expect(run(...args)).rejects.toThrow();
    expect(await stores.shops.list()).toEqual([]);
  });
});
