// PostgreSQL does not run as root, and the account that runs it for root may not enter a folder of mode 0700. Then, and
// where npm's own folder cannot be used (read-only without its links, or mounted without execution), the programs run
// from a copy.
import { constants } from 'node:fs';
import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { type Account, canEnter } from './account';
import {
  type Binaries,
  binariesIn,
  findPackage,
  makeExecutable,
  makeLinks,
  refusePrograms,
  type Trial,
  tryPrograms,
} from './binaries';
import { fileFailure } from './fileFailure';
import { withLock } from './lease';
import { isAlive } from './processIdentity';
import { openProgramFolder } from './programFolder';

/** Programs that the account can run. */
export interface Programs {
  readonly binaries: Binaries;
  /** Like "18.4". */
  readonly version: string;
}

/** What {@link preparePrograms} needs. */
export interface ProgramsOptions {
  readonly account: Account;
  /** Real path of the gateway's data folder. */
  readonly dataDir: string;
  /** Called with a sentence when a copy is made. */
  readonly onLog: (message: string) => void;
  /** The package with the programs; found among the installed ones by default. */
  readonly source?: string;
  /** Folders for a copy, the first that can be used wins. */
  readonly folders?: readonly string[];
}

/** Parts of the package that running needs; its static libraries are not among them. */
const isWanted = (name: string): boolean => !name.endsWith('.a') && name !== 'pkgconfig';

async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to);
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (!isWanted(entry.name)) continue;
    if (entry.isDirectory()) await copyTree(source, target);
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else {
      await copyFile(source, target, constants.COPYFILE_FICLONE);
      await chmod(target, ((await stat(source)).mode & 0o111) === 0 ? 0o644 : 0o755);
    }
  }
}

/** Whether every wanted file is in the copy with its full length; a power failure may cut files, a cleaner remove them. */
async function isComplete(from: string, copy: string): Promise<boolean> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (!isWanted(entry.name)) continue;
    const [source, target] = [join(from, entry.name), join(copy, entry.name)];
    const info = await lstat(target).catch(() => null);
    if (info === null) return false;
    if (entry.isDirectory() && !(await isComplete(source, target))) return false;
    if (entry.isFile() && info.size !== (await stat(source)).size) return false;
  }
  return true;
}

const unfinishedMark = '.new-';

/** Removes copies whose makers died before they were complete. */
async function removeUnfinished(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const maker = Number(name.split(unfinishedMark)[1]?.split('-')[0] ?? 0);
    if (maker > 0 && !isAlive(maker)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Copies the programs under another name first, so that `copy` is complete once it is there. */
async function replaceCopy(source: string, copy: string): Promise<void> {
  await removeUnfinished(dirname(copy));
  const unfinished = await mkdtemp(`${copy}${unfinishedMark}${process.pid}-`);
  try {
    await chmod(unfinished, 0o755);
    await copyTree(join(source, 'native'), join(unfinished, 'native'));
    await makeLinks(unfinished);
    await makeExecutable(binariesIn(unfinished));
    await rm(copy, { recursive: true, force: true });
    await rename(unfinished, copy);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** Makes the copy unless a complete one is there. Processes that start at once make one. @returns whether it was made */
async function copyOnce(source: string, copy: string): Promise<boolean> {
  const isThere = () => isComplete(join(source, 'native'), join(copy, 'native')).catch(() => false);
  if (await isThere()) return false;
  return await withLock(`${copy}.lock`, async () => {
    if (await isThere()) return false;
    await replaceCopy(source, copy);
    return true;
  });
}

/** Folders for a copy: in the data folder where the account may enter it, else where system-wide caches are. */
async function foldersFor(account: Account, dataDir: string): Promise<readonly string[]> {
  const inData = (await canEnter(dataDir, account)) ? [join(dataDir, 'programs')] : [];
  const caches = account.uid === undefined ? [join(homedir(), '.cache')] : ['/var/cache', '/var/lib'];
  const shared = [...caches, tmpdir()].map(folder => join(folder, `affinity-gateway-${process.getuid?.()}`));
  return [...inData, ...shared];
}

type Copying = Pick<ProgramsOptions, 'account' | 'onLog'> & { readonly source: string };

/** Makes the copy, unless it is there, and runs it. */
async function tryCopy(copy: string, { source, account, onLog }: Copying): Promise<Trial> {
  try {
    await openProgramFolder(dirname(copy), account);
    if (await copyOnce(source, copy)) {
      onLog(`Copied PostgreSQL's programs to ${copy}: their account may not use ${source}.`);
    }
    return await tryPrograms(binariesIn(copy), account);
  } catch (error) {
    return { reason: fileFailure(error), isForbidden: true };
  }
}

/** Prepares npm's own folder, which may be read-only. Returns whether its links are there. */
async function prepareSource(source: string): Promise<boolean> {
  const binaries = binariesIn(source);
  await stat(binaries.postgres).catch(cause => {
    throw refusePrograms(`Expected ${binaries.postgres}; it is missing. Run npm ci again.`, cause);
  });
  return await makeLinks(source)
    .then(() => makeExecutable(binaries))
    .then(
      () => true,
      () => false,
    );
}

async function keyOf(source: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(source, 'package.json'), 'utf8')) as { version: string };
  return `postgresql-${version}-${basename(source)}`;
}

/**
 * Returns PostgreSQL's programs as the account can run them: those that npm installed, or a copy of them.
 *
 * @throws {GatewayError} UNAVAILABLE when there are none for this machine, or no folder for a copy that works
 */
export async function preparePrograms(options: ProgramsOptions): Promise<Programs> {
  const { account, dataDir, onLog, source = findPackage() } = options;
  const isLinked = await prepareSource(source);
  const own = await tryPrograms(binariesIn(source), account);
  if ('version' in own) return { binaries: binariesIn(source), version: own.version };
  if (isLinked && !own.isForbidden) {
    throw refusePrograms(
      `Expected PostgreSQL's programs of npm to run on this machine; got "${own.reason}". Set DATABASE_URL to a PostgreSQL of your own.`,
    );
  }
  const key = await keyOf(source);
  const reasons: string[] = [];
  for (const folder of options.folders ?? (await foldersFor(account, dataDir))) {
    const copy = join(folder, key);
    const trial = await tryCopy(copy, { source, account, onLog });
    if ('version' in trial) return { binaries: binariesIn(copy), version: trial.version };
    reasons.push(`${folder}: ${trial.reason}`);
  }
  throw refusePrograms(
    `Expected a folder that PostgreSQL can run from, as its account may not use ${source}; got none (${reasons.join('; ')}). Make room or permit programs in one of them, install Affinity in a folder that every user may enter, or set DATABASE_URL.`,
  );
}
