import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimFolder } from '../../../src/store/prisma/embedded/machine';

let dataDir: string;
let file: string;
let logged: string[];
let takenOver: number;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'affinity-machine-'));
  file = join(dataDir, 'postgres.machine');
  logged = [];
  takenOver = 0;
});

afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

/** Claims the folder. @param during - happens while another machine is watched */
const claim = (during: () => void = () => undefined) =>
  claimFolder(
    { file, dataDir, onLog: message => void logged.push(message), watch: async () => during() },
    async () => {
      takenOver++;
    },
  );

const other = JSON.stringify({ id: 'another boot pid:[4026532000]', name: 'web-1' });

describe('a data folder', () => {
  it('is claimed by several processes of one machine, and released by the last', async () => {
    const [first, second] = [await claim(), await claim()];
    await first.release(false);
    expect(existsSync(file)).toBe(true);
    await second.release(true);
    expect(existsSync(file)).toBe(false);
    expect([logged, takenOver]).toEqual([[], 0]);
  });

  it('is refused while another machine or container uses it, which keeps it', async () => {
    writeFileSync(file, other);
    await expect(claim(() => utimesSync(file, 1, 1))).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringMatching(
        /; web-1 uses .* now\. Stop the Affinity there, .*AFFINITY_DATA_DIR.*DATABASE_URL\.$/,
      ),
    });
    expect(readFileSync(file, 'utf8')).toBe(other);
    expect(takenOver).toBe(0);
  });

  it.each([other, '', '{"id":'])('is taken over from a machine that has ended: %s', async left => {
    writeFileSync(file, left);
    const { release } = await claim();
    expect(readFileSync(file, 'utf8')).not.toBe(left);
    expect(takenOver).toBe(1);
    expect(logged).toEqual([expect.stringMatching(/^Watching whether (web-1|another machine) still uses/)]);
    await release(true);
  });
});
