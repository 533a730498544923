// `affinity evaluate --task next-action` on files and on the demo shop.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { insightTasks } from '../../../../src/insights/registry';
import type { OpenThreads } from '../../../../src/main/commands/evaluate';
import { serialThreadPool } from '../../../../src/numeric/threadPool';
import { longMemoryEvents } from '../../../insights/nextAction/longMemory';
import { evaluateCommand } from '../../../support/evaluateCommand';

const folder = mkdtempSync(join(tmpdir(), 'affinity-next-action-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, lines.join('\n'));
  return path;
}

const oneThread: OpenThreads = () => ({ ...serialThreadPool(insightTasks), close: async () => undefined });

const evaluate = (...given: readonly string[]): Promise<readonly string[]> =>
  evaluateCommand(oneThread, ['--task', 'next-action', ...given]);

const start = Date.UTC(2026, 0, 1);
const events = write('events.csv', [
  'userId,productId,type,occurredAt',
  ...longMemoryEvents({ seed: 1, users: 30, sessionsEach: 6 }).map(
    ({ user, product, type, at = 0 }) => `${user},${product},${type},${new Date(start + at).toISOString()}`,
  ),
]);
const quick = [
  ...['epochs=3', 'rank=8', 'batchSize=256', 'maxTreeRounds=8', 'maxTreeLeaves=8', 'treeLearningRate=0.4'],
].flatMap(setting => ['--set', `next-action.${setting}`]);

describe('affinity evaluate --task next-action', () => {
  it('prints every baseline and both networks, on the same steps', async () => {
    const lines = (await evaluate('--data', events, '--json', ...quick)).map(line => JSON.parse(line));
    expect(lines.map(({ model }) => model)).toEqual([
      'majority',
      'markov1',
      'markov2',
      'boosted-trees',
      'gru',
      'lstm',
    ]);
    expect(new Set(lines.map(({ asked }) => asked)).size).toBe(1);
    for (const line of lines) {
      for (const figure of [
        'accuracy',
        'macroF1',
        'logLoss',
        'ece',
        'eceBefore',
        'auc/purchase',
        'temperature',
      ])
        expect(typeof line[figure]).toBe('number');
      expect(line.seconds).toBeGreaterThan(0);
    }
    const lossOf = (name: string): number => lines.find(({ model }) => model === name).logLoss;
    expect(lossOf('markov2')).toBeLessThan(lossOf('majority'));
    expect(lossOf('boosted-trees')).toBeLessThan(0.9 * lossOf('markov2'));
  });

  it('prints a table without --json, also for the demo shop', async () => {
    const [table] = await evaluate('--demo', '0.05', '--models', 'majority,markov2');
    const [header, ...rows] = table.split('\n').map(row => row.split(/ +/));
    expect(header.slice(0, 4)).toEqual(['model', 'accuracy', 'macroF1', 'logLoss']);
    expect(rows.map(([model]) => model)).toEqual(['majority', 'markov2']);
    expect(Number(rows[1][3])).toBeLessThan(Number(rows[0][3]));
  });

  it('refuses unknown models, settings and missing files', async () => {
    const invalid = { code: 'EVALUATION_INVALID' };
    await expect(evaluate('--data', events, '--models', 'popularity')).rejects.toMatchObject(invalid);
    await expect(evaluate('--data', events, '--set', 'gru.epochs=1')).rejects.toMatchObject(invalid);
    await expect(evaluate('--data', events, '--set', 'next-action.magic=1')).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
    await expect(evaluate()).rejects.toMatchObject(invalid);
    const one = write('one.csv', ['userId,productId,type,occurredAt', 'u,p,VIEW,5']);
    await expect(evaluate('--data', one)).rejects.toMatchObject(invalid);
  });
});
