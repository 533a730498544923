import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

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
