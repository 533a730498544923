import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { checkNode } from '../../src/main/doctor/examine';

const root = join(__dirname, '..', '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** What bin/requireNode.mjs does on a version: what it prints, and its exit status if it ends the process. */
function runOn(version: string): { readonly printed: string; readonly status: number | null } {
  const outcome: { printed: string; status: number | null } = { printed: '', status: null };
  const fakeProcess = {
    versions: { node: version },
    execPath: '/usr/bin/node',
    exit: (status: number) => {
      outcome.status = status;
    },
  };
  const fakeConsole = {
    error: (line: string) => {
      outcome.printed += line;
    },
  };
  new Function('process', 'console', read('bin/requireNode.mjs'))(fakeProcess, fakeConsole);
  return outcome;
}

describe('on a Node.js that is too old', () => {
  it.each(['14.21.3', '18.20.8', '20.18.3', '21.7.3', '22.11.0'])(
    'every program ends on %s with one sentence',
    version => {
      const { printed, status } = runOn(version);
      expect(status).toBe(1);
      expect(printed).toMatch(/^Expected Node\.js >= 20\.19 .*; got .*\. Install .*$/);
      expect(printed).toContain(`got ${version} (/usr/bin/node)`);
      expect(checkNode(version).state).toBe('missing');
    },
  );

  it.each(['20.19.0', '20.20.2', '22.12.0', '22.23.3', '23.0.0', '24.1.0'])('%s is new enough', version => {
    expect(runOn(version)).toEqual({ printed: '', status: null });
    expect(checkNode(version).state).toBe('ok');
  });

  it('package.json names the same versions', () => {
    expect(JSON.parse(read('package.json')).engines.node).toBe('^20.19 || >=22.12');
  });

  it.each(['bin/affinity.mjs', 'scripts/start.mjs'])('%s parses there, and checks first', path => {
    const imports = [...read(path).matchAll(/^import .*'(.+)';$/gm)].map(([, name]) => name);
    expect(imports[0]).toMatch(/requireNode\.mjs$/);
    // Other imports would be parsed before the check runs.
    expect(imports.slice(1).filter(name => !name.startsWith('node:'))).toEqual([]);
    for (const file of [path, 'bin/requireNode.mjs']) {
      const print = (target: string) => transformSync(read(file), { target, format: 'esm' }).code;
      expect(print('node14.14')).toBe(print('esnext'));
    }
  });
});
