// Files that `affinity evaluate` would read wrongly are refused before any model trains, or read rightly.
import { linkSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenThreads } from '../../../../src/main/commands/evaluate';
import { threadTasks } from '../../../../src/models/threadTasks';
import { serialThreadPool } from '../../../../src/numeric/threadPool';
import { evaluateCommand } from '../../../support/evaluateCommand';

const folder = mkdtempSync(join(tmpdir(), 'affinity-refused-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, lines.join('\n'));
  return path;
}

const openThreads: OpenThreads = () => ({ ...serialThreadPool(threadTasks), close: async () => undefined });
const evaluate = (...given: readonly string[]) => evaluateCommand(openThreads, [...given, '--json']);

/** RMSE of the mean of the training ratings. */
async function rmse(...given: readonly string[]): Promise<unknown> {
  const [line] = await evaluate('--task', 'rating', '--rating-split', 'time', ...given);
  return JSON.parse(line).rmse;
}

/** 10 shoppers rate 20 products, with 1 star before May and 5 stars from May on; days up to the 12th read both ways. */
const ratedOn = (dateOf: (month: string, day: string) => string): string[] =>
  Array.from({ length: 200 }, (_, n) => {
    const month = String(1 + ((n * 7) % 12)).padStart(2, '0');
    const day = String(1 + ((n * 5) % 12)).padStart(2, '0');
    return `u${n % 10},i${(n * 3) % 20},${Number(month) < 5 ? 1 : 5},${dateOf(month, day)}`;
  });

describe('evaluate --rating-split time', () => {
  const iso = write(
    'iso.csv',
    ratedOn((month, day) => `2025-${month}-${day}`),
  );
  const european = write(
    'european.csv',
    ratedOn((month, day) => `${day}/${month}/2025`),
  );

  it('never guesses day and month, and gives the figure of ISO dates when told', async () => {
    await expect(rmse('--data', european)).rejects.toMatchObject({
      code: 'EVALUATION_INVALID',
      message: expect.stringContaining('--time-format dd/MM/yyyy'),
    });
    const right = await rmse('--data', iso);
    expect(await rmse('--data', european, '--time-format', 'dd/MM/yyyy')).toBe(right);
    expect(await rmse('--data', european, '--time-format', 'MM/dd/yyyy')).not.toBe(right);
    const digits = write(
      'digits.csv',
      ratedOn((month, day) => `2025${month}${day}`),
    );
    expect(await rmse('--data', digits, '--time-format', 'yyyyMMdd')).toBe(right);
  });

  it.each<[string, readonly string[], string]>([
    ['days among times', ['u,i,1,2025-03-01 07:00:00', 'v,i,2,2025-03-01'], 'got days'],
    ['seconds among milliseconds', ['u,i,1,1740787200000', 'v,i,2,1740787200'], 'got seconds'],
    ['lines without a time', ['u,i,1,1740787200', 'v,i,2,'], 'a time in every line, or in none'],
    ['one time for all', ['u,i,1,1740787200', 'v,i,2,1740787200'], 'times that differ'],
    ['days as numbers', ['u,i,1,20250301', 'v,i,2,20250302'], '--time-format yyyyMMdd'],
    ['serial days of a spreadsheet', ['u,i,1,45717', 'v,i,2,45718'], "the order of a user's events"],
    ['a rating that is no number', ['u,i,NaN,1740787200'], 'a rating that is a number; got NaN'],
    ['a rating in hexadecimal', ['u,i,0x10,1740787200'], 'a rating that is a number; got 0x10'],
    ['a rating with a decimal comma', ['u;i;4,5;1740787200'], 'a rating that is a number; got 4,5'],
    ['lines that end with CR', ['u,i,1,1740787200\rv,i,2,1740787201'], 'CR alone'],
  ])('refuses %s', async (_case, lines, message) => {
    await expect(rmse('--data', write('wrong.csv', lines))).rejects.toMatchObject({
      code: 'EVALUATION_INVALID',
      message: expect.stringContaining(message),
    });
  });

  it.each(['dd/MM', 'rfc822', ''])('refuses the format %j', async format => {
    await expect(rmse('--data', iso, '--time-format', format)).rejects.toThrow('Expected iso, utc');
  });
});

describe('evaluate --negatives', () => {
  const lines = Array.from({ length: 60 }, (_, n) => `u${n % 6} i${(n * 7) % 15}`);
  const data = write('pairs.txt', lines);

  it('refuses more items than a user leaves, and names how many are left', async () => {
    const given = ['--task', 'next-item', '--data', data, '--models', 'popularity'];
    await expect(evaluate(...given, '--negatives', '1000')).rejects.toMatchObject({
      message: expect.stringMatching(/only (\d+) of 15 items in neither part\. Use at most \1\./),
    });
    const fewest = await evaluate(...given, '--negatives', '1000').catch(
      (error: Error) => /at most (\d+)/.exec(error.message)?.[1] ?? '',
    );
    const [line] = await evaluate(...given, '--negatives', String(fewest));
    expect(JSON.parse(line).sampled).toBeDefined();
    await expect(evaluate(...given, '--negatives', String(Number(fewest) + 1))).rejects.toThrow(
      'Use at most',
    );
  });
});

describe('evaluate --task next-action', () => {
  it('refuses events at one time', async () => {
    const data = write('events.csv', ['u,i,VIEW,2025-03-01T00:00:00Z', 'u,j,VIEW,2025-03-01T00:00:00Z']);
    await expect(evaluate('--task', 'next-action', '--data', data)).rejects.toThrow(
      'events at times that differ',
    );
  });

  it('refuses a price that is no number', async () => {
    const data = write('prices.csv', ['u,i,VIEW,2025-03-01T00:00:00Z,s,c,9.99 EUR']);
    await expect(evaluate('--task', 'next-action', '--data', data)).rejects.toThrow(
      'a price that is a number',
    );
  });
});

describe('evaluate --report', () => {
  const data = write('data.txt', ['u a', 'u b', 'v a', 'v b']);
  const given = ['--task', 'next-item', '--data', data, '--models', 'popularity'];

  it.each([
    ['the file that is read', () => data],
    ['a symbolic link to it', () => linkTo(symlinkSync, 'symbolic')],
    ['a hard link to it', () => linkTo(linkSync, 'hard')],
    ['a folder', () => folder],
    ['a file in no folder', () => join(folder, 'none', 'report.html')],
  ])('does not write to %s', async (_case, pathOf) => {
    const before = readFileSync(data, 'utf8');
    await expect(evaluate(...given, '--report', pathOf())).rejects.toMatchObject({
      code: 'EVALUATION_INVALID',
      message: expect.stringContaining('Expected a file for --report'),
    });
    expect(readFileSync(data, 'utf8')).toBe(before);
  });

  function linkTo(make: (target: string, path: string) => void, name: string): string {
    const path = join(folder, name);
    make(data, path);
    return path;
  }
});
