import { Command } from 'commander';
import { toShopId } from '../../../src/domain/ids';
import {
  defaultShopPolicy,
  policyKeys,
  policyValueOf,
  type ShopPolicy,
} from '../../../src/domain/shopPolicy';
import { registerShop } from '../../../src/main/commands/shop';
import { createMemoryStores } from '../../../src/store/memory/stores';
import { seedShops } from '../../support/seedShops';

/** Runs `affinity shop policy …` over memory stores; returns its output. */
async function setUp() {
  const stores = createMemoryStores();
  await seedShops(stores, Date.now());
  const run = async (...args: string[]): Promise<string> => {
    const printed: string[] = [];
    const log = jest.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
    const program = new Command('affinity').exitOverride();
    registerShop(program, async () => ({ stores, close: () => Promise.resolve() }));
    try {
      await program.parseAsync(['shop', 'policy', '--shop', 'rival', ...args], { from: 'user' });
    } finally {
      log.mockRestore();
    }
    return printed.join('\n');
  };
  const policyOf = async (shop: string) => (await stores.shops.find(toShopId(shop)))?.policy;
  return { run, policyOf };
}

/** A value of each setting, as typed on the command line. */
const typed = new Map<string, string>([
  ...policyKeys
    .filter(key => key.startsWith('eventWeights'))
    .map((key, at): [string, string] => [key, `${-at / 4}`]),
  ['alreadySeen.rule', 'KEEP'],
  ['alreadySeen.days', '30'],
  ['newcomers.every', '5'],
  ['newcomers.days', '21'],
  ['discovery.every', '4'],
  ['retention.interactionDays', '400'],
  ['retention.listDays', '60'],
  ['attributionWindowDays', '7'],
  ['campaigns.maxContacts', '5'],
  ['campaigns.capDays', '30'],
  ['campaigns.quietFromMinute', '1320'],
  ['campaigns.quietToMinute', '360'],
  ['campaigns.timeZone', 'Europe/Berlin'],
]);

describe('affinity shop policy', () => {
  it('prints every setting with its default and range', async () => {
    const { run } = await setUp();
    const [heading, ...rows] = (await run()).split('\n').map(line => line.split(/ {2,}/));
    expect(heading).toEqual(['setting', 'value', 'default', 'accepts']);
    expect(rows.map(([setting]) => setting)).toEqual(policyKeys);
    expect(rows).toContainEqual(['newcomers.every', '10', '10', 'a whole number from 0 to 100']);
  });

  it('sets each setting, resets groups before it sets, and touches no other shop', async () => {
    const { run, policyOf } = await setUp();
    expect([...typed.keys()].sort()).toEqual([...policyKeys].sort());
    const sets = [...typed].flatMap(([key, text]) => ['--set', `${key}=${text}`]);
    const printed = JSON.parse(await run(...sets, '--json')) as ShopPolicy;
    expect(await policyOf('rival')).toEqual(printed);
    const read = policyKeys.map(key => [key, `${policyValueOf(printed, key)}`] as const);
    expect(Object.fromEntries(read)).toEqual(Object.fromEntries(typed));
    await run('--set', 'newcomers.every=2', '--reset', 'newcomers', '--reset', 'retention.listDays');
    expect(await policyOf('rival')).toMatchObject({
      newcomers: { every: 2, days: 14 },
      retention: { interactionDays: 400, listDays: 90 },
    });
    await run('--set', 'retention.interactionDays=null');
    expect((await policyOf('rival'))?.retention.interactionDays).toBeNull();
    expect(await policyOf('demo')).toEqual(defaultShopPolicy);
  });

  it.each([
    [
      ['--set', 'newcomers.every=-1', '--set', 'alreadySeen.rule=SOME'],
      /newcomers\.every.*\n.*alreadySeen\.rule/,
    ],
    [['--set', 'newcomers.every='], /newcomers\.every to be a whole number/],
    [['--set', 'colour=red'], /got colour/],
    [['--set', 'newcomers.every'], /--set key=value/],
    [['--reset', 'colours'], /got colours/],
    [['--shop', 'nowhere'], /no shop "nowhere"/],
  ])('refuses %j, and changes nothing', async (args, message) => {
    const { run, policyOf } = await setUp();
    await expect(run(...args)).rejects.toThrow(message);
    expect(await policyOf('rival')).toEqual(defaultShopPolicy);
  });
});
