// bench/figures.json lists published figures with the commands that print them.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Figure {
  readonly what: string;
  readonly page: string;
  readonly figure: string;
  readonly command: string;
}

const figures = JSON.parse(read('bench/figures.json')) as readonly Figure[];
/** The options of a command, by its own help. */
const helpOf = (name: string): string => {
  const { stdout } = spawnSync(process.execPath, ['bin/affinity.mjs', name, '--help'], {
    cwd: root,
    encoding: 'utf8',
  });
  return stdout;
};
const help = new Map(['evaluate', 'import'].map(name => [name, helpOf(name)]));

/** Why a command cannot be run; empty for one that can. */
function problemsOf(command: string): readonly string[] {
  const [, bench] = /npm run bench (\S+)/.exec(command) ?? [];
  if (bench !== undefined) return existsSync(join(root, 'bench', `${bench}.ts`)) ? [] : [`bench ${bench}`];
  const [, script] = /python (\S+)/.exec(command) ?? [];
  if (script !== undefined) return existsSync(join(root, script)) ? [] : [script];
  const [, name] = /^npx affinity (\S+)/.exec(command) ?? [];
  if (name === undefined) return /^npm (ci|start)/.test(command) ? [] : [command];
  const known = help.get(name);
  if (known === undefined) return [name];
  const options = Array.from(command.matchAll(/ (--[a-z-]+)/g), ([, option]) => option);
  return options.filter(option => !new RegExp(`^ +${option}[ \\[]`, 'm').test(known));
}

it.each(figures)('$page prints $figure: $what', ({ page, figure, command }) => {
  expect(read(page)).toContain(figure);
  expect(problemsOf(command)).toEqual([]);
});

it('has a figure of every row of the measurements of the README', () => {
  const [, measured = ''] = read('README.md').split('## Measured');
  const rows = measured.split('\n').filter(line => line.startsWith('| '));
  const listed = figures.filter(({ page }) => page === 'README.md');
  const missing = rows.slice(2).filter(row => !listed.some(({ figure }) => row.includes(figure)));
  expect(rows.length).toBeGreaterThan(10);
  expect(missing).toEqual([]);
});

it('refuses commands that do not exist', () => {
  expect(problemsOf('npm run bench nothing')).toEqual(['bench nothing']);
  expect(problemsOf('python bench/nothing.py')).toEqual(['bench/nothing.py']);
  expect(problemsOf('npx affinity evaluate --tusk shop')).toEqual(['--tusk']);
});
