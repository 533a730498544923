import { mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDataFolder } from '../../../src/store/prisma/embedded/dataFolder';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'affinity-data-'));
  writeFileSync(join(root, 'file'), '');
  symlinkSync(join(root, 'nowhere', 'at all'), join(root, 'dangling'));
  symlinkSync(join(root, 'circle'), join(root, 'circle'));
  mkdirSync(join(root, 'target'));
  symlinkSync(join(root, 'target'), join(root, 'link'));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('openDataFolder', () => {
  it('creates a folder with spaces and non-ASCII characters, and those above it', async () => {
    const folder = join(root, 'a b', 'ü 数据');
    expect(await openDataFolder(folder, 1)).toBe(realpathSync(folder));
    expect(statSync(folder).isDirectory()).toBe(true);
  });

  it('follows a link, and returns the real path', async () => {
    expect(await openDataFolder(join(root, 'link'), 1)).toBe(realpathSync(join(root, 'target')));
  });

  it.each([
    ['file', 'a part of the path is a file'],
    ['file/under/it', 'a part of the path is a file'],
    ['dangling', 'it is a link to nothing'],
    ['circle', 'its links form a circle'],
    ['x'.repeat(300), 'its name is too long'],
  ])('refuses %s with its reason and the variable that chooses another', async (name, reason) => {
    const folder = join(root, name);
    await expect(openDataFolder(folder, 1)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: `Expected a data folder that can be written, ${folder}; got: ${reason}. Change that, or choose another folder: AFFINITY_DATA_DIR.`,
    });
  });

  it('refuses a folder that cannot be written, whoever asks', async () => {
    await expect(openDataFolder('/proc/affinity', 1)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('refuses a disk without the room that is needed, with both numbers', async () => {
    await expect(openDataFolder(root, 1e12)).rejects.toMatchObject({
      message: expect.stringMatching(/got: \d+ MB free on its disk, where 1000000000000 MB are needed\./),
    });
  });
});
