import { threadTasks } from '../../../../src/models/threadTasks';
import { serialThreadPool } from '../../../../src/numeric/threadPool';
import { evaluateCommand } from '../../../support/evaluateCommand';

const evaluate = (...given: readonly string[]) =>
  evaluateCommand(() => ({ ...serialThreadPool(threadTasks), close: async () => undefined }), given);

describe('an option that a task does not use', () => {
  it.each([
    ['rating', ['--data', 'f', '--negatives', '100'], '--negatives'],
    ['rating', ['--data', 'f', '--text', 'f'], '--text'],
    ['rating', ['--data', 'f', '--format', 'sequences'], '--format'],
    ['next-item', ['--data', 'f', '--rating-split', 'time'], '--rating-split'],
    ['next-item', ['--data', 'f', '--time-format', 'yyyyMMdd'], '--time-format'],
    ['next-item', ['--data', 'f', '--split', '8:1:1'], '--split'],
    ['next-item', ['--data', 'f', '--part', 'odd'], '--part'],
    ['ranking', ['--train', 'f', '--test', 'f', '--columns', 'user=1,item=2'], '--columns'],
    ['ranking', ['--data', 'f', '--split', '8:1', '--test', 'f'], '--test'],
    ['ranking', ['--train', 'f', '--test-negatives', 'f', '--test', 'f'], '--test'],
    ['cold-items', ['--data', 'f', '--text', 'f', '--category', 'c'], '--category'],
    ['basket', ['--data', 'f', '--demo'], '--demo'],
    ['next-action', ['--data', 'f', '--seeds', '3'], '--seeds'],
    ['next-action', ['--demo', '--data', 'f'], '--data'],
    ['tags', ['--demo', '--report', 'f'], '--report'],
    ['tags', ['--data', 'f', '--text', 'a', '--category', 'b', '--tune'], '--tune'],
  ])('is refused by name with --task %s: %j', async (task, options, flag) => {
    const refusal = `^Expected only options that --task ${task}[a-z -]* uses; got ${flag}\\. Leave it out; it is for --task `;
    await expect(evaluate('--task', task, ...options)).rejects.toMatchObject({
      code: 'EVALUATION_INVALID',
      message: expect.stringMatching(new RegExp(refusal)),
    });
  });

  it.each([
    [['--negative-seed', '2'], '--negatives'],
    [['--tune-trials', '2'], '--tune'],
    [['--text-column', 'title'], '--text'],
  ])('or not without another one is refused: %j', async ([option, value], other) => {
    await expect(evaluate('--task', 'next-item', '--data', 'f', option, value)).rejects.toThrow(
      `Expected ${other} with ${option}; got ${option} alone. Add ${other}, or leave it out.`,
    );
  });
});
