// `affinity evaluate --task uplift` on small files, on a known experiment, and with wrong options.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenThreads } from '../../../../src/main/commands/evaluate';
import { serialThreadPool } from '../../../../src/numeric/threadPool';
import { dataFile, describeWithData } from '../../../support/data';
import { evaluateCommand } from '../../../support/evaluateCommand';
import { drawKnownEffect } from '../../../support/knownEffect';

const folder = mkdtempSync(join(tmpdir(), 'affinity-uplift-'));
afterAll(() => rmSync(folder, { recursive: true }));

const oneThread: OpenThreads = () => ({ ...serialThreadPool({}), close: async () => undefined });
const evaluate = (...given: readonly string[]): Promise<readonly string[]> =>
  evaluateCommand(oneThread, ['--task', 'uplift', ...given]);
const linesOf = async (...given: readonly string[]) =>
  (await evaluate(...given, '--json')).map(line => JSON.parse(line));

/** Writes an experiment with a third arm, which is to be left out. */
function write(
  name: string,
  arms: readonly [string, string, string],
  outcomes: readonly [string, string],
): string {
  const { rows } = drawKnownEffect(800, { seed: 6 });
  const path = join(folder, name);
  const lines = Array.from(rows.labels, (label, row) => {
    const features = rows.table.columns.map(({ values }) => values[row]);
    const arm = row % 20 === 0 ? arms[2] : arms[rows.treated[row]];
    return [row, ...features, arm, outcomes[label]].join(',');
  });
  writeFileSync(path, ['id,x0,x1,x2,kind,sent,bought', ...lines].join('\n'));
  return path;
}
const plain = write('plain.csv', ['0', '1', '1'], ['0', '1']);
const named = write('named.csv', ['none', 'letter', 'call'], ['no', 'yes']);
const asked = ['--treatment', 'sent', '--target', 'bought', '--drop', 'id'];

describe('affinity evaluate --task uplift', () => {
  it('prints every learner beside random order and the response, on the same draws', async () => {
    const lines = await linesOf('--data', plain, ...asked, '--splits', '2');
    expect(lines.map(({ model }) => model)).toEqual([
      'random',
      'response',
      's-learner',
      't-learner',
      't-learner-logistic',
      'x-learner',
      'class-transformation',
      'uplift-forest',
    ]);
    for (const line of lines) {
      expect(line).toMatchObject({
        task: 'uplift',
        protocol: 'halves',
        splits: 2,
        rows: 800,
        columns: 4,
        arm: '1',
        control: '0',
        average: {
          effect: expect.any(Number),
          interval: [expect.any(Number), expect.any(Number)],
          detectable: expect.any(Number),
        },
        'uplift@10%': expect.any(Number),
        'upliftByGroup@30%': expect.any(Number),
        'robustUplift@20%': expect.any(Number),
        deviations: { qini: expect.any(Number) },
        seconds: expect.any(Number),
      });
      const [low, high] = line.intervals.qini;
      expect(low).toBeLessThanOrEqual(line.qini);
      expect(high).toBeGreaterThanOrEqual(line.qini);
    }
  });

  it('reads two of three arms and outcomes by name, and prints a table with the average effect', async () => {
    const chosen = ['--arm', 'letter', '--control', 'none', '--positive', 'yes', '--models', 'random'];
    const [line] = await linesOf('--data', named, ...asked, ...chosen, '--splits', '1');
    expect(line).toMatchObject({ rows: 760, arm: 'letter', control: 'none', deviations: { qini: null } });
    const [table, average] = await evaluate('--data', named, ...asked, ...chosen, '--splits', '1');
    expect(table.split('\n').map(row => row.split(/ +/)[0])).toEqual(['model', 'random']);
    expect(average).toMatch(/^\nAverage effect: -?[\d.]+ % \(-?[\d.]+ % to [\d.]+ %\)/);
  });

  it.each([
    [['--data', plain, '--target', 'bought'], /--treatment COLUMN with --task uplift; got none/],
    [['--data', plain, ...asked, '--treatment', 'post'], /--treatment among .*; got post/],
    [['--data', plain, ...asked, '--drop', 'idd'], /--drop among .*; got idd/],
    [['--data', plain, ...asked, '--drop', 'id,x0,x1,x2,kind'], /columns to learn from; got none/],
    [['--data', plain, ...asked, '--models', 'oracle'], /--models among random, response, .*; got oracle/],
    [['--data', plain, ...asked, '--arm', '0'], /an arm other than the control; got 0/],
    [['--data', named, ...asked], /--arm VALUE, or 0 and 1 in sent; got .*letter/],
    [
      ['--data', named, ...asked, '--arm', 'letter', '--control', 'visit', '--positive', 'yes'],
      /--control among .*; got visit/,
    ],
    [
      ['--data', named, ...asked, '--arm', 'letter', '--control', 'none'],
      /--positive VALUE, or 0 and 1 in bought; got /,
    ],
    [
      ['--data', named, ...asked, '--arm', 'call', '--control', 'none', '--positive', 'yes'],
      /20 rows of each outcome in each arm; got 1?\d of one/,
    ],
    [['--data', plain, ...asked, '--text', 'x'], /only options that --task uplift uses; got --text/],
  ])('refuses %j', async (given, message) => {
    await expect(evaluate(...given)).rejects.toMatchObject({
      code: 'EVALUATION_INVALID',
      message: expect.stringMatching(message),
    });
  });
});

describeWithData('hillstrom', 'the e-mail experiment of Hillstrom', () => {
  // The published shares of visits of all 64,000 rows are .1828, .1514 and .1062; the file has 70 percent of the rows.
  it.each([
    ['Mens E-Mail', 0.0766],
    ['Womens E-Mail', 0.0452],
  ])('has the published average effect of %s in its interval', async (arm, published) => {
    const [line] = await linesOf(
      ...['--data', dataFile('hillstrom', 'hillstrom_dev70.csv.gz'), '--treatment', 'segment', '--arm', arm],
      ...['--control', 'No E-Mail', '--target', 'visit', '--drop', 'row,conversion,spend'],
      ...['--models', 'random', '--splits', '1'],
    );
    const [low, high] = line.average.interval;
    expect(low).toBeLessThan(published);
    expect(high).toBeGreaterThan(published);
  });
});
