import { Command, CommanderError } from 'commander';
import { demoShopId } from '../../../src/demo/demoShop';
import { registerDemo } from '../../../src/main/commands/demo';
import { createMemoryStores } from '../../../src/store/memory/stores';
import type { Stores } from '../../../src/store/ports/stores';

const closed = jest.fn(() => Promise.resolve());
const printed = jest.spyOn(console, 'log').mockImplementation(() => undefined);
afterAll(() => printed.mockRestore());

async function run(stores: Stores, ...args: readonly string[]): Promise<string> {
  printed.mockClear();
  const program = new Command('affinity').exitOverride().configureOutput({ writeErr: () => undefined });
  registerDemo(program, async () => ({ stores, close: closed }));
  for (const command of program.commands.flatMap(one => [one, ...one.commands]))
    command.copyInheritedSettings(program);
  await program.parseAsync(['demo', 'seed', ...args], { from: 'user' });
  return printed.mock.calls.flat().join('\n');
}

describe('affinity demo seed', () => {
  it('writes the shop, prints a summary, and closes the database', async () => {
    const stores = createMemoryStores();
    const output = await run(stores, '--scale', '0.05', '--currency', 'USD');
    expect(output).toContain('75 products, 100 users');
    expect(await stores.users.count(demoShopId)).toBe(100);
    expect((await stores.shops.find(demoShopId))?.currency).toBe('USD');
    expect(closed).toHaveBeenCalledTimes(1);
  });

  it('prints one JSON object with --json', async () => {
    const output = await run(createMemoryStores(), '--scale', '0.05', '--json');
    expect(JSON.parse(output)).toMatchObject({ wasSeededBefore: false, users: 100, campaigns: 8 });
  });

  it.each([
    ['--scale', '0'],
    ['--scale', 'big'],
    ['--seed', '1.5'],
    ['--seed', ''],
    ['--currency', 'EUR'],
  ])('rejects %s %s before it opens a database', async (option, value) => {
    const stores = createMemoryStores();
    await expect(run(stores, option, value)).rejects.toThrow(CommanderError);
    expect(await stores.shops.list()).toEqual([]);
  });
});
