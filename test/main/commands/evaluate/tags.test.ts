// `affinity evaluate --task tags` on a small file, and with wrong options.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenThreads } from '../../../../src/main/commands/evaluate';
import { createRng } from '../../../../src/numeric/rng';
import { serialThreadPool } from '../../../../src/numeric/threadPool';
import { evaluateCommand } from '../../../support/evaluateCommand';

const folder = mkdtempSync(join(tmpdir(), 'affinity-tags-'));
afterAll(() => rmSync(folder, { recursive: true }));

const oneThread: OpenThreads = () => ({ ...serialThreadPool({}), close: async () => undefined });

const evaluate = async (given: readonly string[]): Promise<string> =>
  (await evaluateCommand(oneThread, ['--task', 'tags', ...given])).join('\n');

const rng = createRng(2);
const kinds = [
  ['fruit', ['新鲜', '好吃', '苹果', '水果', '很甜']],
  ['books', ['作者', '故事', '内容', '小说', '出版社']],
  ['clothes', ['裤子', '衣服', '面料', '尺码', '穿着']],
] as const;
const path = join(folder, 'reviews.csv');
writeFileSync(
  path,
  [
    'cat,label,review',
    ...Array.from({ length: 240 }, (_, at) => {
      const [category, words] = kinds[at % 3];
      const text = Array.from({ length: 4 }, () => words[rng.int(words.length)]).join('，');
      return `${category},1,"${text}，快递很快，不错"`;
    }),
  ].join('\n'),
);
const asked = ['--data', path, '--text', 'review', '--category', 'cat', '--set', 'interest-tags.k=3'];

describe('affinity evaluate --task tags', () => {
  it('compares tags and plain clusters with the categories of a file', async () => {
    const lines = (await evaluate([...asked, '--set', 'interest-tags.resamples=1', '--json']))
      .split('\n')
      .map(line => JSON.parse(line));
    expect(lines.map(({ model }) => model)).toEqual(['plain-k-means', 'interest-tags']);
    const [plain, tags] = lines;
    expect(tags).toMatchObject({ task: 'tags', documents: 240, categories: 3, tags: 3, nmi: 1, purity: 1 });
    expect(tags).toMatchObject({ vMeasure: 1, stability: 1, passed: true });
    expect(tags.coherence).toBeGreaterThan(0);
    expect(tags.names).toHaveLength(3);
    for (const name of tags.names) expect(name).toMatch(/\p{Script=Han}/u);
    for (const figure of ['nmi', 'purity', 'vMeasure', 'stability', 'seconds', 'peakMemoryMb'])
      expect(plain[figure]).toBeGreaterThanOrEqual(0);
  });

  it('reads only odd or even rows, and only so many', async () => {
    const given = [...asked, '--set', 'interest-tags.resamples=1', '--json', '--part'];
    const [odd] = (await evaluate([...given, 'odd'])).split('\n').map(line => JSON.parse(line));
    const [few] = (await evaluate([...given, 'even', '--limit-users', '60']))
      .split('\n')
      .map(line => JSON.parse(line));
    expect([odd.documents, few.documents]).toEqual([120, 60]);
  });

  it('prints a table and the largest tags without --json', async () => {
    const text = await evaluate([...asked, '--set', 'interest-tags.resamples=1']);
    expect(text).toMatch(/^model +tags +nmi/);
    expect(text).toMatch(/\n(Passed|Refused): 3 tags; trainings on nine tenths of the data agree/);
    expect(text).toMatch(/\n +\d+ {2}\p{Script=Han}/u);
  });

  it('reads a shop of a known format, and compares with its own categories', async () => {
    const clicks = join(folder, 'clicks.csv');
    const lines = Array.from({ length: 1500 }, (_, at) => {
      const user = at % 60;
      const product = 3 * rng.int(60) + (user % 3);
      // Four categories for each of three kinds of shoppers.
      return `${user},${product},${100 + (product % 12)},pv,${1511544070 + at}`;
    });
    writeFileSync(clicks, lines.join('\n'));
    const given = [
      '--preset',
      'taobao-user-behavior',
      '--set',
      'interest-tags.k=3',
      '--json',
      '--data',
      clicks,
    ];
    const [plain, tags] = (await evaluate(given)).split('\n').map(line => JSON.parse(line));
    expect(plain.model).toBe('plain-k-means');
    expect(tags).toMatchObject({ categories: 12, tags: 3, homogeneity: expect.any(Number) });
    expect(tags.completeness).toBe(1);
    expect(tags.partStability).toBeGreaterThan(0.5);
    expect(tags.coherence).toBeGreaterThan(0.5);
    for (const name of tags.names) expect(name).toMatch(/^类目 1\d\d、1\d\d \/ Categories 1\d\d, 1\d\d$/);
    expect(tags.sizes).toHaveLength(3);
    expect((await evaluate(given.slice(0, 4).concat('--data', clicks))).split('\n').length).toBeGreaterThan(
      5,
    );
  });

  it.each([
    ['a file', asked.slice(2), /--data FILE/],
    ['a known preset', ['--preset', 'x', '--data', path], /Expected --preset among/],
    ['one shop', ['--preset', 'movielens', '--shop', 'a'], /only options that --task tags/],
    ['the column of the text', ['--data', path, '--category', 'cat'], /--text COLUMN/],
    ['the column of the category', ['--data', path, '--text', 'review'], /--category COLUMN/],
    ['a known part', [...asked, '--part', 'third'], /--part among all, odd, even/],
    ['an existing column', ['--data', path, '--text', 'title', '--category', 'cat'], /a column named title/],
    ['an existing setting', [...asked, '--set', 'interest-tags.colour=1'], /k, maxTags/],
    ['no model', [...asked, '--models', 'content'], /interest-tags in --models; got content/],
    ['the insight', [...asked, '--set', 'content.rank=3'], /--set interest-tags\.setting=value; got content/],
  ])('asks for %s', async (_, given, message) => {
    await expect(evaluate(given)).rejects.toThrow(message);
  });
});
