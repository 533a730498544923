import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { parseConfig } from '../../src/main/config';

const root = join(__dirname, '..', '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

interface Service {
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: Readonly<Record<string, unknown>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

const services = new Map(
  Object.entries(
    (
      parse(read('compose.yaml'), { merge: true }) as {
        readonly services: Readonly<Record<string, Service>>;
      }
    ).services,
  ),
);
const dockerfile = read('Dockerfile');
/** Variables that docs/configuration.md lists. */
const documented = new Set(
  Array.from(read('docs/configuration.md').matchAll(/^\| `([A-Z_]+)` \|/gm), ([, name]) => name),
);

describe('compose.yaml', () => {
  it('runs a gateway, a worker, PostgreSQL and Redis', () => {
    expect([...services.keys()]).toEqual(['gateway', 'worker', 'postgres', 'redis']);
    expect(services.get('gateway')?.command).toEqual(['start']);
    expect(services.get('worker')?.command).toEqual(['worker']);
  });

  it('sets only variables that the configuration page lists', () => {
    const names = ['gateway', 'worker'].flatMap(name => Object.keys(services.get(name)?.environment ?? {}));
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter(name => !documented.has(name))).toEqual([]);
  });

  it('starts the gateway and the worker after the database and the queue are healthy', () => {
    for (const name of ['gateway', 'worker']) {
      const conditions = Object.entries(services.get(name)?.depends_on ?? {});
      expect(conditions).toEqual([
        ['postgres', { condition: 'service_healthy' }],
        ['redis', { condition: 'service_healthy' }],
      ]);
    }
    for (const name of ['postgres', 'redis']) expect(services.get(name)?.healthcheck).toHaveProperty('test');
  });

  it('holds no secret', () => {
    expect(read('compose.yaml')).not.toMatch(/(SECRET|PASSWORD): [^$]/);
  });
});

describe('the Dockerfile', () => {
  it('runs as an account without rights, and checks readiness', () => {
    const lines = dockerfile.split('\n');
    const user = lines.indexOf('USER affinity');
    expect(user).toBeGreaterThan(0);
    expect(lines.findIndex(line => line.startsWith('ENTRYPOINT'))).toBeGreaterThan(user);
    expect(dockerfile).toContain('/health/ready');
  });

  it('sets only variables that the configuration page lists', () => {
    const set = /^ENV (.*)$/m.exec(dockerfile)?.[1] ?? '';
    const names = set.split(' ').map(pair => pair.split('=')[0]);
    expect(names.length).toBeGreaterThan(1);
    expect(names.filter(name => !documented.has(name))).toEqual([]);
  });
});

describe.each(['gateway', 'worker'])('the unit of the %s', name => {
  const unit = read(`deploy/systemd/affinity-${name}.service`);
  const valuesOf = (key: string): readonly string[] =>
    Array.from(unit.matchAll(new RegExp(`^${key}=(.*)$`, 'gm')), ([, value]) => value);

  it('runs the program of the checkout without npm, which would keep the signal to stop', () => {
    const [command, ...others] = valuesOf('ExecStart');
    expect(others).toEqual([]);
    const [program, argument] = command.split(' ').slice(-2);
    expect(existsSync(join(root, program.replace('/opt/affinity/', '')))).toBe(true);
    expect(argument).toBe(name === 'gateway' ? 'start' : 'worker');
  });

  it('allows more time for a stop than the process takes, and restarts what fails', () => {
    const production = parseConfig({ NODE_ENV: 'production', AFFINITY_JWT_SECRET: 's'.repeat(32) });
    expect(Number(valuesOf('TimeoutStopSec')[0]) * 1000).toBeGreaterThan(production.graceMs);
    expect(valuesOf('Restart')).toEqual(['always']);
    expect(valuesOf('NoNewPrivileges')).toEqual(['yes']);
  });

  it('sets only variables that the configuration page lists', () => {
    const names = [
      ...valuesOf('Environment')[0].split(' '),
      ...read('deploy/systemd/affinity.env').split('\n'),
    ]
      .filter(line => line !== '' && !line.startsWith('#'))
      .map(pair => pair.split('=')[0]);
    expect(names.length).toBeGreaterThan(5);
    expect(names.filter(variable => !documented.has(variable))).toEqual([]);
  });
});
