// `affinity evaluate` on every kind of file, with seeds, tuning, threads and a report.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenThreads } from '../../../../src/main/commands/evaluate';
import { scoringTasks } from '../../../../src/main/commands/evaluate/scoringThreads';
import { threadTasks } from '../../../../src/models/threadTasks';
import { createRng } from '../../../../src/numeric/rng';
import { serialThreadPool } from '../../../../src/numeric/threadPool';
import { describeWithBrowser, launchBrowser } from '../../../support/browser';
import { dataFile, describeWithData } from '../../../support/data';
import { evaluateCommand } from '../../../support/evaluateCommand';

const folder = mkdtempSync(join(tmpdir(), 'affinity-tasks-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, lines.join('\n'));
  return path;
}

const oneThread: OpenThreads = () => ({ ...serialThreadPool(threadTasks), close: async () => undefined });

/** A pool that looks like two threads: it clones every message. */
const twoThreads: OpenThreads = () => {
  const pool = serialThreadPool({ ...threadTasks, ...scoringTasks });
  const run: typeof pool.run = (task, payloads) =>
    pool.run(
      task,
      payloads.map(payload => structuredClone(payload)),
    );
  return { size: 2, run, close: async () => undefined };
};

/** Runs the command and returns what it printed. */
const evaluate = async (given: readonly string[], threads = oneThread): Promise<string> =>
  (await evaluateCommand(threads, given)).join('\n');

const scrollToEnd = (element: { scrollLeft: number; readonly scrollWidth: number }): void => {
  element.scrollLeft = element.scrollWidth;
};

type Line = Record<string, unknown>;

async function figures(given: readonly string[], threads = oneThread): Promise<Record<string, Line>> {
  const lines = (await evaluate([...given, '--json'], threads)).split('\n').map(line => JSON.parse(line));
  return Object.fromEntries(lines.map((line: Line) => [line['model'], line]));
}

const rng = createRng(3);
/** Walks around a ring of 40 items, each step by two or three. */
const walks = Array.from({ length: 120 }, () => {
  let place = rng.int(40);
  return Array.from({ length: 10 }, () => {
    place = (place + 2 + rng.int(2)) % 40;
    return `i${place}`;
  });
});
const sessions = write(
  'sessions.txt',
  walks.map(walk => walk.join(' ')),
);
const testPairs = write(
  'pairs.txt',
  walks.slice(0, 30).map(walk => `${walk.slice(0, 4).join(' ')}\t${walk[4]}`),
);
const ratings = write('ratings.csv', [
  'user_id,item_id,rating,timestamp',
  ...walks.flatMap((walk, user) =>
    walk.map(
      (item, step) =>
        `u${user},${item},${1 + (Number(item.slice(1)) % 5)},${1_000_000_000 + 100 * step + user}`,
    ),
  ),
]);
const rowsOnly = write(
  'rows.tsv',
  walks.flatMap((walk, user) => walk.map(item => `u${user}\t${item}`)),
);

describe('--task next-item with columns', () => {
  /** Orders of a user: the names of the items of each, in order of time; lines in order of the alphabet. */
  const lines = (user: string, orders: readonly string[]): string[] =>
    orders.flatMap((items, day) => [...items].sort().map(item => `${user},${item},2026-05-0${day + 1}`));
  const users = Array.from({ length: 8 }, (_, user) =>
    lines(`u${user}`, ['ab', 'cd', 'a', user < 4 ? 'efa' : 'ef']),
  );
  const all = ['user,item,day', ...users.flat()];
  const columns = ['--columns', 'user=user,item=item,time=day'];
  const given = ['--task', 'next-item', ...columns, '--models', 'popularity', '--data'];

  it('asks for any new item of the last day, and reports that times give the order', async () => {
    const { popularity } = await figures([...given, write('days.csv', all)]);
    // a, b, c and d are in the history; e and f are to be found among the two that are left.
    expect(popularity).toMatchObject({ users: 8, order: 'times', 'recall@20': 1, 'hit@10': 1, 'ndcg@10': 1 });
  });

  it('gives the same figures for any order of the lines', async () => {
    const options = ['--models', 'item-neighbours,markov', '--task', 'next-item', ...columns, '--data'];
    const { markov, 'item-neighbours': neighbours } = await figures([...options, write('days.csv', all)]);
    const shuffled = [all[0], ...createRng(5).shuffle(all.slice(1))];
    const again = await figures([...options, write('shuffled.csv', shuffled)]);
    for (const metric of ['ndcg@10', 'mrr', 'recall@20']) {
      expect(again['markov'][metric]).toBe(markov[metric]);
      expect(again['item-neighbours'][metric]).toBe(neighbours[metric]);
    }
  });

  it('is in order of the lines where no column has times, and says so', async () => {
    const file = write('untimed.csv', all);
    const options = ['--columns', 'user=user,item=item', '--models', 'popularity', '--data', file];
    const { popularity } = await figures(['--task', 'next-item', ...options]);
    expect(popularity).toMatchObject({ users: 8, order: 'file' });
  });
});

describe('affinity evaluate --test-pairs', () => {
  it('ranks the next item among all, and prints precision@20 and mrr@20', async () => {
    const given = [
      '--task',
      'next-item',
      '--format',
      'sessions',
      '--data',
      sessions,
      '--test-pairs',
      testPairs,
    ];
    const lines = await figures([...given, '--models', 'popularity,item-neighbours']);
    const line = lines['item-neighbours'];
    expect(line).toMatchObject({ users: 30, items: 40, holdout: 'test' });
    expect(line['precision@20']).toBe(line['hit@20']);
    expect(line['mrr@20']).toBeGreaterThan(Number(lines['popularity']['mrr@20']));
    const table = await evaluate([...given, '--models', 'popularity']);
    expect(table.split('\n')[0]).toMatch(/^model +precision@20 +mrr@20/);
    const validation = await figures([...given, '--holdout', 'validation', '--models', 'popularity']);
    expect(validation['popularity']).toMatchObject({ users: 108, holdout: 'validation' });
  });

  it.each([
    ['i1 i2 i3', 'no tab'],
    ['i1\ti2\ti3', 'other fields'],
    ['i1\ti2 i3', 'other fields'],
  ])('refuses %j with file and line', async (text, got) => {
    const path = write('wrong.txt', ['i1\ti2', text]);
    const given = ['--task', 'next-item', '--format', 'sessions', '--data', sessions, '--test-pairs', path];
    await expect(evaluate([...given, '--models', 'popularity'])).rejects.toMatchObject({
      code: 'EVALUATION_INVALID',
      message: expect.stringContaining(
        `wrong.txt:2: Expected items, a tab and the one item that came next; got ${got}`,
      ),
    });
  });
});

describe('affinity evaluate --task ranking', () => {
  it('reads fixed negatives, and draws them for validation', async () => {
    const list = write('negatives.txt', ['(u0,i7)\ti1\ti2\ti3', '(u1,i8)\ti1\ti2\ti3']);
    const given = [
      '--task',
      'ranking',
      '--train',
      ratings,
      '--test-negatives',
      list,
      '--models',
      'popularity',
    ];
    const test = (await figures(given))['popularity'];
    expect(test).toMatchObject({ users: 2, protocol: 'fixed negatives', 'hit@10': 1 });
    const validation = (await figures([...given, '--holdout', 'validation']))['popularity'];
    expect(validation['users']).toBe(120);
    const wrong = write('wrongNegatives.txt', ['(u0,i7)\ti1', 'u1\ti1']);
    await expect(
      evaluate([
        '--task',
        'ranking',
        '--train',
        ratings,
        '--test-negatives',
        wrong,
        '--models',
        'popularity',
      ]),
    ).rejects.toMatchObject({
      message: expect.stringContaining('wrongNegatives.txt:2: Expected (user,item)'),
    });
  });

  it('splits one file at random, with columns by position or name', async () => {
    const given = ['--task', 'ranking', '--split', '8:1:1', '--models', 'item-neighbours'];
    const byPlace = await figures([...given, '--data', ratings]);
    const byName = await figures([...given, '--data', ratings, '--columns', 'user=user_id,item=2']);
    const bare = await figures([...given, '--data', rowsOnly]);
    expect(byPlace['item-neighbours']).toMatchObject({ users: 120, items: 40, holdout: 'test' });
    expect(byName['item-neighbours']['ndcg@10']).toBe(byPlace['item-neighbours']['ndcg@10']);
    expect(bare['item-neighbours']['ndcg@10']).toBe(byPlace['item-neighbours']['ndcg@10']);
    await expect(
      evaluate([...given, '--data', ratings, '--columns', 'user=who,item=item_id']),
    ).rejects.toMatchObject({ message: expect.stringContaining('a column named who; got user_id, item_id') });
  });
});

describe('affinity evaluate --task rating', () => {
  it('compares with the mean and with biases, on a random or a time split', async () => {
    const lines = await figures(['--task', 'rating', '--data', ratings]);
    expect(Object.keys(lines).slice(0, 2)).toEqual(['global-mean', 'user-item-bias']);
    expect(lines['user-item-bias']['rmse']).toBeLessThan(Number(lines['global-mean']['rmse']) / 1.5);
    expect(lines['user-item-bias']).toMatchObject({ ratings: 120, protocol: 'random split' });
    const latest = await figures(['--task', 'rating', '--data', ratings, '--rating-split', 'time']);
    expect(latest['global-mean']['users']).toBeLessThanOrEqual(120);
  }, 60_000);

  it('refuses a line without a rating, and a model that cannot predict ratings', async () => {
    const path = write('unrated.csv', ['u,i,1', 'u,j,']);
    await expect(
      evaluate(['--task', 'rating', '--data', path, '--models', 'popularity']),
    ).rejects.toMatchObject({
      message: expect.stringContaining('unrated.csv:2: Expected a rating; got none'),
    });
    await expect(
      evaluate(['--task', 'rating', '--data', ratings, '--models', 'popularity']),
    ).rejects.toMatchObject({
      message: expect.stringContaining('Expected models that predict ratings'),
    });
  });
});

describe('affinity evaluate of new items and baskets', () => {
  it('ranks new items among themselves and, separately, among the catalogue', async () => {
    const entries = Array.from({ length: 40 }, (_, item) => [
      `i${item}`,
      { title: `thing ${item}`, kind: item < 20 ? 'low' : 'high, wide' },
    ]);
    const text = write('text.json', [JSON.stringify(Object.fromEntries(entries))]);
    const asCsv = write('text.csv', [
      'code,name,kind',
      ...Array.from(
        { length: 40 },
        (_, item) => `i${item},"thing, ${item}",${item < 20 ? 'low' : 'high>wide'}`,
      ),
    ]);
    const given = [
      '--task',
      'cold-items',
      '--data',
      rowsOnly,
      '--category-column',
      'kind',
      '--models',
      'popularity',
    ];
    const lines = await figures([...given, '--text', text]);
    expect(Object.keys(lines)).toEqual(['random', 'popularity-in-category', 'popularity']);
    expect(lines['random']).toMatchObject({ protocol: 'among new items', catalogue: { protocol: 'full' } });
    expect(lines['random']['recall@20']).toBe(1);
    expect(lines['random']['miscalibration']).toBeGreaterThan(0);
    const csv = ['--item-column', 'code', '--text-column', 'name'];
    const again = await figures([...given, '--text', asCsv, ...csv]);
    expect(again['popularity-in-category']['mrr']).toBe(lines['popularity-in-category']['mrr']);
  });

  it('asks for one product of a basket', async () => {
    const rows = write('baskets.csv', [
      'order,item,user',
      ...walks.flatMap((walk, basket) => walk.map(item => `${basket},${item},`)),
    ]);
    const byLine = await figures(['--task', 'basket', '--data', sessions, '--models', 'item-neighbours']);
    const named = ['--columns', 'basket=order,item=item'];
    const byColumn = await figures([
      '--task',
      'basket',
      '--data',
      rows,
      ...named,
      '--models',
      'item-neighbours',
    ]);
    expect(byLine['item-neighbours']).toMatchObject({ users: 12, protocol: 'one of a basket' });
    expect(byColumn['item-neighbours']['mrr']).toBe(byLine['item-neighbours']['mrr']);
  });
});

describe('affinity evaluate, more than once', () => {
  const given = ['--task', 'next-item', '--data', rowsOnly];

  it('gives the same figures on several threads', async () => {
    const models = ['--models', 'popularity,item-neighbours', '--negatives', '9'];
    const [one, two] = [
      await figures([...given, ...models]),
      await figures([...given, ...models], twoThreads),
    ];
    for (const [model, line] of Object.entries(one))
      for (const key of ['ndcg@10', 'mrr', 'coverage', 'novelty', 'sampled', 'intervals'])
        expect(two[model][key]).toEqual(line[key]);
  });

  it('prints means, deviations, intervals and the comparison with the best model', async () => {
    const lines = await figures([...given, '--models', 'popularity,item-neighbours', '--seeds', '2']);
    const { popularity } = lines;
    expect(popularity).toMatchObject({ seeds: [1, 2], deviations: { 'ndcg@10': 0 } });
    expect(popularity['comparison']).toMatchObject({ adjustedP: expect.any(Number) });
    expect(lines['item-neighbours']['comparison']).toBeUndefined();
    const [low, high] = (popularity['intervals'] as Record<string, [number, number]>)['ndcg@10'];
    expect(low).toBeLessThan(Number(popularity['ndcg@10']));
    expect(high).toBeGreaterThan(Number(popularity['ndcg@10']));
  });

  it('chooses settings on validation, keeps the given ones, and prints them', async () => {
    const tuning = ['--models', 'trending', '--tune', '--tune-trials', '3'];
    const [first, second] = [await evaluate([...given, ...tuning]), await evaluate([...given, ...tuning])];
    expect(first.split('trainSeconds')[0]).toBe(second.split('trainSeconds')[0]);
    const fixed = await figures([...given, ...tuning, '--set', 'trending.halfLifeDays=3']);
    expect(fixed['trending']['settings']).toEqual({ halfLifeDays: 3 });
  });

  it('refuses an unknown metric before it trains anything', async () => {
    const run = jest.fn();
    const threads: OpenThreads = () => ({ size: 1, run, close: async () => undefined });
    for (const more of [[], ['--tune']]) {
      const asked = [...given, '--models', 'collaborative', ...more, '--metric', 'x'];
      await expect(evaluate(asked, threads)).rejects.toMatchObject({
        message: expect.stringContaining('Expected --metric among recall@10'),
      });
    }
    expect(run).not.toHaveBeenCalled();
  });
});

describe('the report', () => {
  it('is self-contained: no script, nothing to fetch, all models named, all text escaped', async () => {
    const path = join(folder, 'report.html');
    const given = [
      '--task',
      'next-item',
      '--data',
      rowsOnly,
      '--models',
      'popularity,trending',
      '--seeds',
      '2',
    ];
    await evaluate([...given, '--tune', '--tune-trials', '2', '--report', path]);
    const page = readFileSync(path, 'utf8');
    expect(page).not.toMatch(/https?:|\bsrc=|href=|url\(|@import|<script|<link|<iframe|<img/i);
    for (const part of ['popularity', 'trending', 'ndcg@10', 'seeds 1, 2', process.version, '2 trials'])
      expect(page).toContain(part);
    expect(page.match(/<svg/g)?.length).toBe(3);
    expect(page).toContain('prefers-color-scheme: dark');
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
    expect(page).toMatch(/<small>p (= \d|&lt; \.0001)/);
  });
});

describeWithBrowser('the report in a browser', () => {
  it('shows its tables whole on a laptop; on a phone they scroll below the name of the model, and notes wrap', async () => {
    const path = join(folder, 'wide.html');
    await evaluate(['--task', 'next-item', '--data', rowsOnly, '--seeds', '2', '--report', path]);
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      await page.goto(`file://${path}`);
      const hidden = `[...document.querySelectorAll('.wide')].map(table => table.scrollWidth - table.clientWidth)`;
      const beyondLaptop = (await page.evaluate(hidden)) as number[];
      expect(Math.max(...beyondLaptop)).toBe(0);
      await page.setViewportSize({ width: 390, height: 800 });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
      await page.locator('.wide').first().evaluate(scrollToEnd);
      expect((await page.locator('tbody td').first().boundingBox())?.x).toBeGreaterThanOrEqual(0);
      const note = await page.locator('figcaption').first().boundingBox();
      expect((note?.x ?? 0) + (note?.width ?? Number.NaN)).toBeLessThanOrEqual(390);
    } finally {
      await browser.close();
    }
  });
});

describeWithData('ncf-ml-1m', 'affinity evaluate on ncf-ml-1m', () => {
  it('gives popularity the known .454/.255 with fixed negatives', async () => {
    const train = dataFile('ncf-ml-1m', 'ml-1m.train.rating.gz');
    const negatives = dataFile('ncf-ml-1m', 'ml-1m.test.negative.gz');
    const given = ['--task', 'ranking', '--train', train, '--test-negatives', negatives];
    const { popularity } = await figures([...given, '--models', 'popularity']);
    expect(popularity['hit@10']).toBeCloseTo(0.454, 2);
    expect(popularity['ndcg@10']).toBeCloseTo(0.255, 2);
  }, 300_000);
});

describeWithData('diginetica', 'affinity evaluate on diginetica', () => {
  it('gives popularity about the known .93 % and .21 % on prefixes', async () => {
    const given = [
      '--task',
      'next-item',
      '--format',
      'sessions',
      '--data',
      dataFile('diginetica', 'train_sessions.txt.gz'),
    ];
    const pairs = ['--test-pairs', dataFile('diginetica', 'test_pairs.txt.gz'), '--limit-users', '1000'];
    const { popularity } = await figures([...given, ...pairs, '--models', 'popularity']);
    expect(popularity['items']).toBe(43_097);
    expect(popularity['precision@20']).toBeCloseTo(0.0093, 2);
    expect(popularity['mrr@20']).toBeCloseTo(0.0021, 2);
  }, 300_000);
});
