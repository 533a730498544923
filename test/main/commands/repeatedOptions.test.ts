import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const program = join(__dirname, '..', '..', '..', 'bin', 'affinity.mjs');
const run = (...args: readonly string[]) =>
  spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });

describe('an option that is given twice', () => {
  it.each([
    ['of a command', ['import', '--shop', 'a', '--shop', 'b', 'file.csv'], '--shop <id>'],
    ['with the same value', ['export', '--shop', 'a', '--shop', 'a'], '--shop <id>'],
    ['in two forms', ['evaluate', '--data', 'a.csv', '--data=b.csv', '--task', 'rating'], '--data <file>'],
    ['of a command of a command', ['shop', 'create', '--currency', 'EUR', '--currency', 'USD'], '--currency'],
  ])('is refused, as only the last one would count: %s', (_what, args, flags) => {
    const { status, stderr } = run(...args);
    expect(status).toBe(1);
    expect(stderr).toContain(`error: option '${flags}`);
    expect(stderr).toContain('is given twice');
  });

  it('is accepted where the values are collected', () => {
    const { stderr } = run('evaluate', '--task', 'rating', '--set', 'ease.x=1', '--set', 'ease.y=2');
    expect(stderr).not.toContain('is given twice');
  });
});
