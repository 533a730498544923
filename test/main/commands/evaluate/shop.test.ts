// `affinity evaluate --task shop` on files, a store and the demo shop, and with wrong options.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toEventId, toProductId, toShopId, toUserId } from '../../../../src/domain/ids';
import type { OpenThreads } from '../../../../src/main/commands/evaluate';
import type { OpenStores } from '../../../../src/main/commands/import';
import { threadTasks } from '../../../../src/models/threadTasks';
import { serialThreadPool } from '../../../../src/numeric/threadPool';
import { createMemoryStores } from '../../../../src/store/memory/stores';
import { evaluateCommand } from '../../../support/evaluateCommand';
import { randomShop } from '../../../support/randomShop';

const folder = mkdtempSync(join(tmpdir(), 'affinity-shop-'));
afterAll(() => rmSync(folder, { recursive: true }));

const oneThread: OpenThreads = () => ({ ...serialThreadPool(threadTasks), close: async () => undefined });
const evaluate = (given: readonly string[], openStores?: OpenStores) =>
  evaluateCommand(oneThread, ['--task', 'shop', ...given], openStores);

interface Line {
  readonly model: string;
  readonly [figure: string]: unknown;
}
const linesOf = (printed: readonly string[]): readonly Line[] => printed.map(line => JSON.parse(line));

const events = randomShop({ users: 100, orders: 700, products: 60, seed: 3 });
const from = Date.UTC(2026, 0, 1);

/** The same events as lines of Taobao's data set. */
const path = join(folder, 'events.csv');
const taobaoTypes: Readonly<Record<string, string>> = { VIEW: 'pv', PURCHASE: 'buy', RETURN: 'pv' };
writeFileSync(
  path,
  [
    ...events.map(({ user, product, at = 0, type = 'VIEW' }) => {
      const [seconds, kind] = [Math.floor((from + at) / 1000), taobaoTypes[type]];
      return `${user.slice(1)},${`${product}`.slice(1)},7,${kind},${seconds}`;
    }),
  ].join('\n'),
);

async function openShop(): ReturnType<OpenStores> {
  const stores = createMemoryStores();
  const shopId = toShopId('garden');
  await stores.shops.upsert({ id: shopId, name: 'Garden', defaultLocale: 'en', currency: 'EUR' });
  await stores.interactions.insertMany(
    events.map(({ user, product, at = 0, type = 'VIEW' }, index) => ({
      shopId,
      id: toEventId(`e${index}`),
      userId: toUserId(user),
      productId: toProductId(`${product}`),
      type,
      value: null,
      priceMinor: null,
      queryText: null,
      sessionId: null,
      occurredAt: from + at,
      receivedAt: from + at,
      attribution: null,
    })),
  );
  return { stores, close: async () => undefined };
}

const few = ['--models', 'popularity,buy-again'];
const baselines = ['baseline-popularity', 'baseline-own-frequency', 'baseline-cosine'];

describe('affinity evaluate --task shop', () => {
  it('prints one line per baseline and model of a shop in the store', async () => {
    let closed = 0;
    const openStores: OpenStores = async () => ({ ...(await openShop()), close: async () => void closed++ });
    const lines = linesOf(await evaluate(['--shop', 'garden', '--json', ...few], openStores));
    expect(closed).toBe(1);
    expect(lines.map(({ model }) => model)).toEqual([...baselines, 'popularity', 'buy-again']);
    for (const line of lines) {
      expect(line).toMatchObject({ task: 'shop', shop: 'garden', protocol: 'time', asks: 'purchases' });
      expect(line).toMatchObject({ holdout: 'test', seeds: [1], items: 60 });
      for (const column of ['all', 'new', 'repeat'])
        expect(line[column]).toMatchObject({
          shoppers: expect.any(Number),
          'ndcg@20': expect.any(Number),
          'recall@20': expect.any(Number),
          coverage: expect.any(Number),
          standardErrors: { 'ndcg@20': expect.any(Number), 'recall@20': expect.any(Number) },
        });
      for (const cost of ['trainSeconds', 'msPerList', 'peakMemoryMb'])
        expect(line[cost]).toBeGreaterThanOrEqual(0);
    }
    const [reference, own] = lines;
    expect(reference['all']).not.toHaveProperty('againstPopularity');
    expect(own['all']).toMatchObject({ againstPopularity: { difference: expect.any(Number) } });
    expect(lines[3]['artifactBytes']).toBeGreaterThan(0);
  });

  it('measures the calibration of a model that says when products are bought again', async () => {
    const lines = linesOf(await evaluate(['--shop', 'garden', '--json', ...few], openShop));
    const calibration = lines.at(-1)?.['calibration'];
    // The events last four weeks: half of them are not within 30 days before the end.
    expect(calibration).toEqual([
      expect.objectContaining({ days: 7, pairs: expect.any(Number), ece: expect.any(Number) }),
    ]);
    expect(lines[0]).not.toHaveProperty('calibration');
  });

  it('reads files with a preset, without a store', async () => {
    const given = ['--preset', 'taobao-user-behavior', '--models', 'popularity', '--json', '--data', path];
    const lines = linesOf(await evaluate(given, () => Promise.reject(new Error('no store'))));
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatchObject({ shop: 'taobao-user-behavior', items: 60 });
    const byArgument = [...given.slice(0, -2), path];
    const [same] = linesOf(await evaluate(byArgument));
    expect(same['all']).toEqual(lines[0]['all']);
  });

  it('prints a table and writes a page that loads nothing', async () => {
    const report = join(folder, 'report.html');
    const printed = (await evaluate(['--shop', 'garden', ...few, '--report', report], openShop)).join('\n');
    expect(printed).toMatch(/^Shop "garden": what \d+ shoppers bought after 2026-01-/);
    expect(printed).toMatch(/^baseline-own-frequency( +\S+){12}$/m);
    expect(printed).toMatch(/^buy-again: bought again within 7 days of /m);
    const page = readFileSync(report, 'utf8');
    expect(page).toContain('everything bought next');
    expect(page).toContain('baseline-cosine');
    expect(page).not.toMatch(/<script|src=|href=/);
  });

  it('prints means and deviations over seeds', async () => {
    const given = ['--shop', 'garden', '--json', '--models', 'collaborative', '--seeds', '2'];
    const line = linesOf(await evaluate(given, openShop)).at(-1);
    expect(line).toMatchObject({ seeds: [1, 2], all: { deviation: expect.any(Number) } });
  });

  it('reports a model without enough data, and goes on', async () => {
    const given = ['--shop', 'garden', '--json', '--models', 'content,popularity'];
    const lines = linesOf(await evaluate(given, openShop));
    expect(lines.at(-2)).toMatchObject({ model: 'content', untrained: expect.stringContaining('Expected') });
    expect(lines.at(-1)).toMatchObject({ model: 'popularity', all: expect.anything() });
  });

  it('tries the demo shop', async () => {
    const lines = linesOf(await evaluate(['--demo', '0.05', '--json', '--models', 'popularity']));
    expect(lines.at(-1)).toMatchObject({ shop: 'demo', model: 'popularity' });
  });

  it('keeps the password of a database out of the page', async () => {
    const report = join(folder, 'secret.html');
    const given = process.argv;
    process.argv = [
      'node',
      'affinity',
      'evaluate',
      '--database-url',
      'postgresql://u:hidden1@h/d',
      '--database-url=hidden2',
    ];
    try {
      await evaluate(['--shop', 'garden', '--models', 'popularity', '--report', report], openShop);
    } finally {
      process.argv = given;
    }
    expect(readFileSync(report, 'utf8')).not.toMatch(/hidden/);
  });

  it.each([
    ['no source', [], /one of --shop, --preset and --demo/],
    ['two sources', ['--shop', 'garden', '--demo'], /only options that --task shop --demo uses/],
    ['an unknown preset', ['--preset', 'x', '--data', path], /Expected --preset among/],
    ['a preset without files', ['--preset', 'online-retail'], /Expected --data FILE/],
    ['files without a preset', ['--shop', 'garden', '--data', path], /Expected files only with --preset/],
    ['an option of other tasks', ['--shop', 'garden', '--tune'], /only options that --task shop uses/],
    ['an unknown shop', ['--shop', 'other'], /no shop "other"/],
    ['a page over its own data', ['--preset', 'taobao-user-behavior', '--report', path, path], /--report/],
  ])('refuses %s', async (_what, given, message) => {
    await expect(evaluate(given, openShop)).rejects.toThrow(message);
  });

  it('leaves files without an option to this task alone', async () => {
    await expect(evaluateCommand(oneThread, ['--task', 'rating', path])).rejects.toThrow(/--data FILE/);
  });
});
