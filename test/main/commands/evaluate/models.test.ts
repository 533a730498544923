import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenThreads } from '../../../../src/main/commands/evaluate';
import { threadTasks } from '../../../../src/models/threadTasks';
import { createRng } from '../../../../src/numeric/rng';
import { serialThreadPool } from '../../../../src/numeric/threadPool';
import { dataFile, describeWithData } from '../../../support/data';
import { evaluateCommand } from '../../../support/evaluateCommand';

const folder = mkdtempSync(join(tmpdir(), 'affinity-evaluate-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, lines.join('\n'));
  return path;
}

const oneThread: OpenThreads = () => ({ ...serialThreadPool(threadTasks), close: async () => undefined });

/** Runs the command and returns what it printed. */
const evaluate = async (...given: readonly string[]): Promise<string> =>
  (await evaluateCommand(oneThread, given)).join('\n');

async function figures(...given: readonly string[]): Promise<Record<string, Record<string, unknown>>> {
  const lines = (await evaluate(...given, '--json')).split('\n').map(line => JSON.parse(line));
  return Object.fromEntries(lines.map(line => [line.model, line]));
}

/** Walks of 12 steps around a ring of 50 items, each step by two or three: the last item determines the next two. */
function rings(): { readonly pairs: string[]; readonly train: string[]; readonly test: string[] } {
  const rng = createRng(3);
  const walks = Array.from({ length: 150 }, () => {
    let place = rng.int(50);
    return Array.from({ length: 12 }, () => {
      place = (place + 2 + rng.int(2)) % 50;
      return `i${place}`;
    });
  });
  return {
    pairs: walks.flatMap((walk, user) => walk.map(item => `u${user},${item}`)),
    train: walks.map((walk, user) => `u${user} ${walk.slice(0, 9).join(' ')}`),
    test: walks.map((walk, user) => `u${user} ${walk.slice(9).join(' ')}`),
  };
}

const walks = rings();
const data = write('pairs.csv', walks.pairs);
const train = write('train.txt', walks.train);
const test = write('test.txt', walks.test);

describe('affinity evaluate', () => {
  it('prints one JSON object per model on one line, with every figure', async () => {
    const printed = await evaluate('--task', 'next-item', '--data', data, '--models', 'popularity', '--json');
    const line = JSON.parse(printed);
    expect(Object.keys(line)).toEqual(
      expect.arrayContaining([
        'model',
        'recall@10',
        'recall@20',
        'ndcg@10',
        'ndcg@20',
        'hit@10',
        'mrr',
        'coverage',
        'users',
        'items',
        'trainSeconds',
        'peakMemoryMb',
        'usersScoredPerSecond',
      ]),
    );
    expect(line).toMatchObject({
      model: 'popularity',
      task: 'next-item',
      protocol: 'full',
      users: 150,
      items: 50,
    });
    expect(line.sampled).toBeUndefined();
    expect(line.peakMemoryMb).toBeGreaterThan(10);
  });

  it('finds the next item of a walk with item-neighbours, but rarely with popularity', async () => {
    const lines = await figures(
      '--task',
      'next-item',
      '--data',
      data,
      '--models',
      'popularity,item-neighbours',
    );
    expect(lines['item-neighbours']['hit@10']).toBeGreaterThan(0.9);
    expect(lines['popularity']['hit@10']).toBeLessThan(0.5);
  });

  it('holds out the item before last for validation', async () => {
    const lines = await figures(
      '--task',
      'next-item',
      '--data',
      data,
      '--holdout',
      'validation',
      '--models',
      'item-neighbours',
    );
    expect(lines['item-neighbours']).toMatchObject({ holdout: 'validation' });
    expect(lines['item-neighbours']['hit@10']).toBeGreaterThan(0.9);
  });
});

describe('the options of affinity evaluate', () => {
  it('ranks several held-out items with every model, with equal figures in two runs', async () => {
    const models = ['popularity', 'trending', 'item-neighbours', 'collaborative'];
    const given = ['--task', 'ranking', '--train', train, '--test', test, '--models', models.join(',')];
    const [first, second] = [await figures(...given), await figures(...given)];
    expect(Object.keys(first)).toEqual(models);
    for (const [model, line] of Object.entries(first)) {
      for (const metric of ['recall@20', 'ndcg@10', 'mrr', 'coverage', 'artifactBytes'])
        expect(line[metric]).toBe(second[model][metric]);
    }
  });

  it('separates the figures of the sampled protocol from the full ones', async () => {
    const given = ['--task', 'next-item', '--data', data, '--models', 'popularity'];
    const plain = (await figures(...given))['popularity'];
    const both = (await figures(...given, '--negatives', '9', '--negative-seed', '2'))['popularity'];
    expect(both['recall@10']).toBe(plain['recall@10']);
    expect(both['sampled']).toMatchObject({
      protocol: 'sampled',
      negatives: 9,
      negativeSeed: 2,
      'hit@10': 1,
    });
  });

  it('passes settings to the model', async () => {
    const given = ['--task', 'next-item', '--data', data, '--models', 'item-neighbours'];
    const few = await figures(...given, '--set', 'item-neighbours.neighbours=1', '--limit-users', '20');
    expect(few['item-neighbours']['users']).toBe(20);
    // One neighbour per product, and the numbers per product that do not depend on the setting.
    expect(few['item-neighbours']['artifactBytes']).toBeLessThan(4500);
  });

  it('prints a table without --json', async () => {
    const table = (
      await evaluate('--task', 'next-item', '--data', data, '--models', 'popularity,trending')
    ).split('\n');
    expect(table[0]).toMatch(/^model +recall@10 +recall@20 +ndcg@10/);
    expect(table.slice(1).map(row => row.split(' ')[0])).toEqual(['popularity', 'trending']);
  });
});

describe('affinity evaluate refuses', () => {
  it.each<[string, readonly string[], string]>([
    [
      'another task',
      ['--task', 'oracle'],
      'Expected --task ranking, next-item, rating, cold-items, basket; got oracle. Choose one.',
    ],
    [
      'no file',
      ['--task', 'next-item'],
      'Expected --data FILE with --task next-item; got none. Name the file.',
    ],
    [
      'half the files',
      ['--task', 'ranking', '--train', train],
      'Expected --test FILE with --task ranking; got none.',
    ],
    [
      'another model',
      ['--task', 'next-item', '--data', data, '--models', 'oracle'],
      'Expected a model among popularity',
    ],
    [
      'another hold-out',
      ['--task', 'next-item', '--data', data, '--holdout', 'x'],
      'Expected --holdout test or validation; got x.',
    ],
    [
      'a setting the model does not have',
      ['--task', 'next-item', '--data', data, '--models', 'trending', '--set', 'trending.x=1'],
      'Expected a setting among halfLifeDays; got x.',
    ],
    [
      'a setting of a model that does not run',
      ['--task', 'next-item', '--data', data, '--models', 'trending', '--set', 'collaborative.rank=8'],
      'Expected --set for a model in --models (trending); got collaborative.',
    ],
    [
      'data in which nothing can be held out',
      ['--task', 'next-item', '--data', write('single.txt', ['u a', 'v b'])],
      'Expected at least one user with an item to find; got none.',
    ],
  ])('%s', async (_name, given, message) => {
    await expect(evaluate(...given)).rejects.toMatchObject({
      code: 'EVALUATION_INVALID',
      message: expect.stringContaining(message),
    });
  });

  it.each([
    ['--seed', '-1'],
    ['--negatives', '0'],
    ['--limit-users', 'all'],
    ['--set', 'rank=3'],
  ])('%s %s', async (option, value) => {
    await expect(evaluate('--task', 'next-item', '--data', data, option, value)).rejects.toThrow(
      /Expected .*; got/,
    );
  });
});

describeWithData('gowalla', 'affinity evaluate on Gowalla', () => {
  // For all users it is the published .0416 and .0317 (docs/results.md), which takes minutes under Jest.
  it('gives popularity its recall@20 and ndcg@20 for the first 500 users', async () => {
    const [learned, held] = [dataFile('gowalla', 'train.txt.gz'), dataFile('gowalla', 'test.txt.gz')];
    const { popularity } = await figures(
      '--task',
      'ranking',
      '--train',
      learned,
      '--test',
      held,
      '--models',
      'popularity',
      '--limit-users',
      '500',
    );
    expect(popularity).toMatchObject({ users: 500, items: 40_981 });
    expect(popularity['recall@20']).toBeCloseTo(0.052871, 5);
    expect(popularity['ndcg@20']).toBeCloseTo(0.039714, 5);
  }, 300_000);
});

describeWithData('ml-1m', 'affinity evaluate on ml-1m', () => {
  const ratings = dataFile('ml-1m', 'ml-1m.txt.gz');

  it('gives popularity its figures among 100 negatives, and item-neighbours its minimum, for 300 users', async () => {
    const lines = await figures(
      '--task',
      'next-item',
      '--data',
      ratings,
      '--models',
      'popularity,item-neighbours',
      '--negatives',
      '100',
      '--limit-users',
      '300',
    );
    // Over all users the known values for this file are .437 and .242.
    expect(lines['popularity']['sampled']).toMatchObject({
      'hit@10': expect.closeTo(0.4267, 3),
      'ndcg@10': expect.closeTo(0.2378, 3),
    });
    // A hand-tuned item-kNN reaches .2180/.1198 on this file.
    expect(lines['item-neighbours']['hit@10']).toBeGreaterThan(0.255);
    expect(lines['item-neighbours']['ndcg@10']).toBeGreaterThan(0.145);
  }, 300_000);
});
