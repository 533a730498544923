import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Account } from '../../../src/store/prisma/embedded/account';
import { openProgramFolder } from '../../../src/store/prisma/embedded/programFolder';
import { preparePrograms } from '../../../src/store/prisma/embedded/programs';

const isRoot = process.getuid?.() === 0;
/** As root, programs run as another account, as PostgreSQL does. */
const account: Account = isRoot ? { uid: 65_534, gid: 65_534 } : {};

/** A program that needs a library beside it, as PostgreSQL does. */
const program = '#!/bin/sh\n[ -e "$0.library" ] && echo "postgres (PostgreSQL) 18.4"\n';

let root: string;
let source: string;
let place: string;

/** Makes a package of programs which the account cannot run where it is, as in a folder of mode 0700 or a read-only one. */
function makePackage(): void {
  const bin = join(source, 'native', 'bin');
  mkdirSync(join(source, 'native', 'share'), { recursive: true });
  mkdirSync(bin);
  for (const name of ['postgres', 'initdb', 'pg_ctl'])
    writeFileSync(join(bin, name), program, { mode: 0o755 });
  writeFileSync(join(bin, 'real'), 'library');
  writeFileSync(join(source, 'native', 'share', 'zones'), 'UTC');
  writeFileSync(join(source, 'native', 'static.a'), 'not needed');
  writeFileSync(join(source, 'package.json'), JSON.stringify({ version: '18.4.0' }));
  const links = [{ source: 'native/bin/real', target: 'native/bin/postgres.library' }];
  writeFileSync(join(source, 'native', 'pg-symlinks.json'), JSON.stringify(links));
  chmodSync(isRoot ? source : bin, isRoot ? 0o700 : 0o555);
}

beforeEach(() => {
  // Every account may enter the folder that holds both; the package itself is closed.
  root = mkdtempSync(join(tmpdir(), 'affinity-programs-'));
  chmodSync(root, 0o755);
  source = join(root, 'package with spaces ü');
  place = join(root, 'place');
  makePackage();
});

afterEach(() => {
  chmodSync(join(source, 'native', 'bin'), 0o755);
  rmSync(root, { recursive: true, force: true });
});

async function prepare(folders: readonly string[] = [place]) {
  const logged: string[] = [];
  const onLog = (message: string) => void logged.push(message);
  const programs = await preparePrograms({ account, dataDir: root, onLog, source, folders });
  return { programs, logged };
}

const copyName = () => `postgresql-18.4.0-${basename(source)}`;

describe('programs in a folder that their account may not use', () => {
  it('run from a copy, which is made once, is complete, and belongs to us', async () => {
    const { programs, logged } = await prepare();
    expect(programs).toMatchObject({
      version: '18.4',
      binaries: { postgres: expect.stringContaining(place) },
    });
    expect(logged).toEqual([
      expect.stringContaining(`Copied PostgreSQL's programs to ${join(place, copyName())}`),
    ]);
    expect(existsSync(join(place, copyName(), 'native', 'static.a'))).toBe(false);
    expect(statSync(join(place, copyName(), 'native', 'share')).mode & 0o777).toBe(0o755);
    expect((await prepare()).logged).toEqual([]);
    expect(readdirSync(place)).toEqual([copyName()]);
  });

  it('are copied again when a file of the copy was cut or removed', async () => {
    await prepare();
    const zones = join(place, copyName(), 'native', 'share', 'zones');
    writeFileSync(zones, '');
    expect((await prepare()).logged).toHaveLength(1);
    expect(readFileSync(zones, 'utf8')).toBe('UTC');
    rmSync(zones);
    expect((await prepare()).logged).toHaveLength(1);
    expect(readFileSync(zones, 'utf8')).toBe('UTC');
  });

  it('are copied beside what a killed process left, which is removed', async () => {
    const ended = Number(execFileSync('sh', ['-c', 'echo $$'], { encoding: 'utf8' }));
    const left = join(place, `${copyName()}.new-${ended}-abcdef`);
    mkdirSync(join(left, 'native'), { recursive: true, mode: 0o755 });
    await prepare();
    expect(readdirSync(place)).toEqual([copyName()]);
  });

  it('are copied once by processes that start at once', async () => {
    const all = await Promise.all([prepare(), prepare(), prepare()]);
    expect(new Set(all.map(({ programs }) => programs.binaries.postgres)).size).toBe(1);
    expect(readdirSync(place)).toEqual([copyName()]);
  });

  it('are tried in one folder by many at once', async () => {
    const openOften = async (times: number) => {
      for (let time = 0; time < times; time++) await openProgramFolder(place, account);
    };
    await Promise.all([10, 20, 30, 40].map(openOften));
    expect(readdirSync(place)).toEqual([]);
  });

  it('are not copied to a place that another account could have prepared', async () => {
    const link = join(root, 'link');
    const shared = join(root, 'shared');
    mkdirSync(join(root, 'elsewhere'));
    symlinkSync(join(root, 'elsewhere'), link);
    mkdirSync(shared);
    chmodSync(shared, 0o777);
    const { programs } = await prepare([link, shared, join(shared, 'inside'), place]);
    expect(programs.binaries.postgres).toContain(`${place}/`);
    expect(readdirSync(join(root, 'elsewhere'))).toEqual([]);
    expect(existsSync(join(shared, copyName()))).toBe(false);
  });

  it('are refused with the reason of each place, and what to do', async () => {
    const file = join(root, 'file');
    writeFileSync(file, '');
    await expect(prepare([file, join(file, 'under')])).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringMatching(
        /got none \(\S+file: it is not a folder; .*\)\. Make room .*or set DATABASE_URL\.$/,
      ),
    });
  });

  it('are refused without a copy when they do not run on this machine at all', async () => {
    chmodSync(source, 0o755);
    chmodSync(join(source, 'native', 'bin'), 0o755);
    writeFileSync(
      join(source, 'native', 'bin', 'postgres'),
      '#!/bin/sh\necho "no such loader" >&2\nexit 127\n',
    );
    await expect(prepare()).rejects.toMatchObject({
      message: expect.stringMatching(/to run on this machine; got "no such loader"\. Set DATABASE_URL/),
    });
    expect(existsSync(place)).toBe(false);
  });
});
