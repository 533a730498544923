import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Command } from 'commander';
import { registerDemo } from '../../../src/main/commands/demo';
import { describeDefaults } from '../../../src/main/commands/describeDefaults';
import { registerEvaluate } from '../../../src/main/commands/evaluate';
import { registerExport } from '../../../src/main/commands/export';
import { registerShop } from '../../../src/main/commands/shop';
import { registerToken } from '../../../src/main/commands/token';
import { registerTrain } from '../../../src/main/commands/train';

const noStores = async () => {
  throw new Error('Expected help only; got a command that opens a database.');
};

/** Returns the help of a command as one line. */
function helpOf(name: string): string {
  const program = new Command();
  registerTrain(program, noStores, () => 1);
  registerEvaluate(program, noStores);
  registerExport(program, noStores);
  registerDemo(program, noStores);
  registerShop(program, noStores);
  registerToken(program);
  describeDefaults(program);
  const found = program.commands
    .flatMap(command => [command, ...command.commands])
    .find(command => command.name() === name);
  return found?.helpInformation().replaceAll(/\s+/g, ' ') ?? '';
}

describe('--help', () => {
  it.each([
    ['train', /\(default: popularity,[a-z,-]+\)/],
    ['evaluate', /\(default: title,description\)/],
    ['evaluate', /--columns .*?\(default: none\)/],
    ['evaluate', /\(default: random\)/],
    ['policy', /--set .*?\(default: none\)/],
    ['token', /\(default: demo\)/],
    ['export', /\(default: -\)/],
    ['seed', /\(default: 1\)/],
  ])('of %s prints a default as it is typed: %s', (command, expected) => {
    const help = helpOf(command).replaceAll(/, (?=[a-z-]+[,)])/g, ',');
    expect(help).toMatch(expected);
    expect(help).not.toMatch(/default: ["[{]/);
  });

  it('of the program prints them so', () => {
    const program = join(__dirname, '..', '..', '..', 'bin', 'affinity.mjs');
    const { stdout } = spawnSync(process.execPath, [program, 'train', '--help'], { encoding: 'utf8' });
    expect(stdout.replaceAll(/\s+/g, '')).toContain('(default:popularity,');
  });
});
