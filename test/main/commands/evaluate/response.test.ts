// `affinity evaluate --task response` on small files, and with wrong options.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { OpenThreads } from '../../../../src/main/commands/evaluate';
import { createRng } from '../../../../src/numeric/rng';
import { serialThreadPool } from '../../../../src/numeric/threadPool';
import { dataFile, describeWithData } from '../../../support/data';
import { evaluateCommand } from '../../../support/evaluateCommand';

const folder = mkdtempSync(join(tmpdir(), 'affinity-response-'));
afterAll(() => rmSync(folder, { recursive: true }));

const oneThread: OpenThreads = () => ({ ...serialThreadPool({}), close: async () => undefined });
const evaluate = (...given: readonly string[]): Promise<readonly string[]> =>
  evaluateCommand(oneThread, ['--task', 'response', ...given]);
const linesOf = async (...given: readonly string[]) =>
  (await evaluate(...given, '--json')).map(line => JSON.parse(line));

function write(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** Shoppers with an age, a city and a blank column; the young and those of Rome respond more. */
function shoppers(rows: number, seed: number): readonly string[] {
  const rng = createRng(seed);
  return Array.from({ length: rows }, (_, row) => {
    const age = 20 + rng.int(50);
    const city = ['Oslo', 'Rome', 'Bonn'][rng.int(3)];
    const chance = (age < 40 ? 0.4 : 0.1) + (city === 'Rome' ? 0.3 : 0);
    const day = new Date(Date.UTC(2025, 0, 1) + row * 86_400_000).toISOString().slice(0, 10);
    return `${rng.int(20) === 0 ? 'unknown' : age};"${city}";;${day};"${rng.uniform() < chance ? 'yes' : 'no'}"`;
  });
}
const header = 'age;city;blank;day;answer';
const path = write('shoppers.csv', [header, ...shoppers(400, 1)].join('\n'));
const asked = ['--target', 'answer', '--positive', 'yes', '--drop', 'blank,day'];

describe('affinity evaluate --task response', () => {
  it('measures models in five folds, and says which one validation chose', async () => {
    const [logistic, served, ...others] = await linesOf('--data', path, ...asked, '--models', 'logistic');
    expect(others).toEqual([]);
    expect(logistic).toMatchObject({
      model: 'logistic',
      task: 'response',
      protocol: '5 folds',
      seed: 42,
      rows: 400,
      columns: 2,
      timesServed: 5,
      auc: expect.any(Number),
      deviations: { auc: expect.any(Number), ece: expect.any(Number) },
      seconds: expect.any(Number),
      peakMemoryMb: expect.any(Number),
    });
    expect(logistic.auc).toBeGreaterThan(0.65);
    expect(served).toMatchObject({
      model: 'served',
      auc: logistic.auc,
      served: new Array(5).fill('logistic'),
    });
  });

  it('prints a table, and in words what was served', async () => {
    const text = (await evaluate('--data', path, ...asked, '--models', 'logistic')).join('\n');
    expect(text).toMatch(/^model +auc +prAuc +logLoss +brier +ece/);
    expect(text).toMatch(/\nlogistic +0\.\d{4} ± 0\.\d{4}/);
    expect(text).toContain('Served, the best on validation: logistic (5 of 5).');
  });

  it('gives equal figures for equal seeds, also from a compressed file', async () => {
    const figuresOf = async (file: string, ...more: readonly string[]) => {
      const lines = await linesOf('--data', file, ...asked, '--models', 'logistic', ...more);
      return [lines[0].auc, lines[0].logLoss];
    };
    const zipped = write('shoppers.csv.gz', gzipSync([header, ...shoppers(400, 1)].join('\n')));
    expect(await figuresOf(zipped)).toEqual(await figuresOf(path));
    expect(await figuresOf(path, '--seed', '7')).not.toEqual(await figuresOf(path));
  });

  it('splits by time, in order of the file or of a column, and reports drift', async () => {
    const reversed = write('reversed.csv', [header, ...[...shoppers(400, 1)].reverse()].join('\n'));
    const byTime = ['--split', 'time', '--models', 'logistic'];
    const [inOrder, served] = await linesOf('--data', path, ...asked, ...byTime);
    expect(inOrder).toMatchObject({ protocol: 'by time', timesServed: 1 });
    expect(inOrder).not.toHaveProperty('deviations');
    expect(served.drift.rehearsed).toHaveLength(4);
    expect(served.drift.baseRates).toEqual({
      train: expect.any(Number),
      earlier: expect.any(Number),
      last: expect.any(Number),
      test: expect.any(Number),
    });
    const kept = ['--target', 'answer', '--positive', 'yes', '--drop', 'blank'];
    const [sorted] = await linesOf('--data', reversed, ...kept, ...byTime, '--columns', 'time=day');
    expect(sorted.auc).toBe(inOrder.auc);
    expect(sorted.columns).toBe(2);
    const text = (await evaluate('--data', path, ...asked, ...byTime)).join('\n');
    expect(text).toContain('Base rate: ');
  });

  it('predicts a file of its own', async () => {
    const other = write('other.csv', [header, ...shoppers(200, 9)].join('\n'));
    const [line] = await linesOf('--data', path, '--test', other, ...asked, '--models', 'logistic');
    expect(line).toMatchObject({ protocol: 'test file', rows: 600 });
    expect(line.auc).toBeGreaterThan(0.6);
  });

  it('learns with every model and their blend without --models', async () => {
    const small = write('small.csv', [header, ...shoppers(160, 3)].join('\n'));
    const lines = await linesOf('--data', small, '--test', path, ...asked);
    expect(lines.map(({ model }) => model)).toEqual([
      'logistic',
      'tree',
      'forest',
      'boosting',
      'blend',
      'served',
    ]);
  });

  it.each([
    [
      'an unknown target',
      ['--target', 'reply', '--positive', 'yes'],
      '--target among age, city, blank, day, answer; got reply',
    ],
    [
      'an unknown column to drop',
      ['--target', 'answer', '--positive', 'yes', '--drop', 'agee'],
      '--drop among age, city',
    ],
    ['a value that never occurs', ['--target', 'answer', '--positive', '1'], '--positive among'],
    [
      'the target in --drop',
      ['--target', 'answer', '--positive', 'yes', '--drop', 'answer'],
      '--drop without the target; got answer',
    ],
    [
      'a column without values',
      ['--target', 'answer', '--positive', 'yes'],
      'columns with values; got none in blank. Add --drop blank.',
    ],
    [
      'nothing to learn from',
      ['--target', 'answer', '--positive', 'yes', '--drop', 'age,city,blank,day'],
      'columns to learn from; got none',
    ],
    ['no target', ['--positive', 'yes'], '--target COLUMN with --task response; got none'],
    ['no positive value', ['--target', 'answer'], '--positive VALUE with --task response; got none'],
    [
      'an unknown model',
      [...asked, '--models', 'oracle'],
      '--models among logistic, tree, forest, boosting; got oracle',
    ],
    ['shares', [...asked, '--split', '8:2'], '--split time with --task response; got 8:2'],
    ['two splits', [...asked, '--split', 'time', '--test', path], '--split or --test; got both'],
    [
      'another role',
      [...asked, '--split', 'time', '--columns', 'user=age'],
      '--columns time=COLUMN with --task response; got user',
    ],
    [
      'a time without a split',
      [...asked, '--columns', 'time=day'],
      '--split time with --columns time; got none',
    ],
    [
      'options of other tasks',
      [...asked, '--negatives', '10'],
      'only options that --task response uses; got --negatives',
    ],
  ])('refuses %s', async (_, given, message) => {
    await expect(evaluate('--data', path, ...given)).rejects.toMatchObject({
      code: 'EVALUATION_INVALID',
      message: expect.stringContaining(message),
    });
  });

  it.each([
    ['an empty file', '', 'got an empty file'],
    ['one outcome', 'age,answer\n1,yes\n2,yes', 'two outcomes in answer; got yes in every row'],
    [
      'few rows',
      `age,answer\n${'1,yes\n'.repeat(30)}${'2,no\n'.repeat(5)}`,
      '20 rows of each outcome; got 5 of one',
    ],
    [
      'rows without an outcome',
      'age,answer\n1,yes\n2,',
      'an outcome in every row of answer; got an empty one',
    ],
  ])('refuses %s', async (_, content, message) => {
    const wrong = write('wrong.csv', content);
    await expect(evaluate('--data', wrong, '--target', 'answer', '--positive', 'yes')).rejects.toThrow(
      message,
    );
  });
});

describeWithData('bank-marketing', 'affinity evaluate --task response on Bank Marketing', () => {
  it('has the AUC of logistic regression by time', async () => {
    const data = dataFile('bank-marketing', 'bank-additional-full.csv.gz');
    const given = ['--target', 'y', '--positive', 'yes', '--drop', 'duration', '--split', 'time'];
    const [line] = await linesOf('--data', data, ...given, '--models', 'logistic');
    expect(line).toMatchObject({ rows: 41_188, columns: 19 });
    // Measured: .7494 (docs/models/response.md).
    expect(line.auc).toBeGreaterThan(0.74);
  }, 120_000);
});
