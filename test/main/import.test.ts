import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { GatewayError } from '../../src/domain/errors';
import { toShopId } from '../../src/domain/ids';
import { formatSummary } from '../../src/main/commands/import/summary';
import { createMemoryStores } from '../../src/store/memory/stores';
import type { Stores } from '../../src/store/ports/stores';
import { importInto, makeTestFolder, presetNamed, type TestFolder } from '../support/importRun';

const taobao = presetNamed('taobao-user-behavior');
const shopId = toShopId('s');

/** `count` lines in Taobao's format, all of different events. */
const lines = (count: number, from = 0): string =>
  Array.from(
    { length: count },
    (_, n) => `${(from + n) % 50},${(from + n) % 97},3,pv,${1511544070 + from + n}\n`,
  ).join('');

async function eventIds(stores: Stores): Promise<readonly string[]> {
  const { rows } = await stores.interactions.page(shopId, { first: 10_000 });
  return rows.map(row => row.id);
}

let folder: TestFolder;
beforeEach(() => {
  folder = makeTestFolder();
});
afterEach(() => folder.remove());

describe('an import', () => {
  it('creates the shop, stores every line, and reports it', async () => {
    const { summary, stores } = await importInto(folder, taobao, [folder.write('a.csv', lines(6_000))]);
    expect(summary).toMatchObject({
      isNewShop: true,
      files: [{ name: 'a.csv', lines: 6_000, accepted: 6_000, duplicates: 0, rejected: {}, wasDone: false }],
      products: { total: 97, added: 97 },
      users: { total: 50, added: 50 },
      rejectsFile: null,
    });
    expect(await stores.interactions.count(shopId)).toBe(6_000);
    expect((await stores.shops.find(shopId))?.currency).toBe('CNY');
    expect(formatSummary(summary)).toContain('events accepted                                6,000');
  });

  it('adds nothing in a second run, even with isAgain', async () => {
    const path = folder.write('a.csv', lines(100));
    const { stores } = await importInto(folder, taobao, [path]);
    const second = await importInto(folder, taobao, [path], { stores });
    expect(second.summary).toMatchObject({ events: 0, files: [{ wasDone: true, accepted: 100 }] });
    expect(formatSummary(second.summary)).toContain('already imported; nothing to add');
    const third = await importInto(folder, taobao, [path], { stores, isAgain: true });
    expect(third.summary.files).toMatchObject([{ wasDone: false, accepted: 0, duplicates: 100 }]);
    expect(await stores.interactions.count(shopId)).toBe(100);
  });

  it('adds only the new lines of a file that has grown', async () => {
    const { stores } = await importInto(folder, taobao, [folder.write('a.csv', lines(100))]);
    const { summary } = await importInto(folder, taobao, [folder.write('a.csv', lines(150))], { stores });
    expect(summary.files).toMatchObject([{ accepted: 50, duplicates: 100 }]);
  });

  it('recognizes gzip by its first bytes, not its name', async () => {
    const path = folder.write('a.csv', gzipSync(lines(100)));
    expect((await importInto(folder, taobao, [path])).summary.files).toMatchObject([{ accepted: 100 }]);
  });

  it('reports every rejected line with its number and reason', async () => {
    const path = folder.write('a.csv', `${lines(2)}1,2,3,eat,1511544070\n1,2,3\n\n${lines(1, 2)}`);
    const { summary } = await importInto(folder, taobao, [path]);
    expect(summary.files).toMatchObject([
      { lines: 6, accepted: 3, rejected: { TYPE_UNKNOWN: 1, COLUMN_COUNT: 1, LINE_EMPTY: 1 } },
    ]);
    expect(folder.rejects()).toMatchObject([
      { file: 'a.csv', line: 3, code: 'TYPE_UNKNOWN', text: '1,2,3,eat,1511544070' },
      { file: 'a.csv', line: 4, code: 'COLUMN_COUNT' },
      { file: 'a.csv', line: 5, code: 'LINE_EMPTY' },
    ]);
  });

  it('rejects files that do not fit the preset before it writes a row', async () => {
    const paths = [folder.write('a.csv', lines(3)), folder.write('b.csv', 'what,is,this\n')];
    const stores = createMemoryStores();
    await expect(importInto(folder, taobao, paths, { stores })).rejects.toMatchObject({
      code: 'IMPORT_INVALID',
    });
    expect(await stores.shops.list()).toEqual([]);
    await expect(importInto(folder, taobao, [`${folder.path}/none.csv`])).rejects.toThrow('ENOENT');
    await expect(importInto(folder, taobao, [paths[0]], { shop: ' ' })).rejects.toThrow(
      'an id without white space',
    );
  });
});

/** Stores that fail at the n-th batch of events, like a database that becomes unreachable. */
function failingAt(stores: Stores, batch: number): Stores {
  let calls = 0;
  const interactions: Stores['interactions'] = {
    ...stores.interactions,
    insertMany: async rows => {
      calls += 1;
      if (calls === batch)
        throw new GatewayError('UNAVAILABLE', 'Expected a database; it went away. Try again.');
      return stores.interactions.insertMany(rows);
    },
  };
  return { ...stores, interactions };
}

describe('an import that was interrupted', () => {
  const bad = '1,2,3,eat,1511544070\n';

  it.each([1, 2, 3, 4])(
    'resumes after batch %i failed, with the result of an uninterrupted run',
    async batch => {
      const path = folder.write('a.csv', `${lines(9_000)}${bad}${lines(9_000, 9_000)}`);
      const clean = await importInto(folder, taobao, [path]);
      const cleanRejects = folder.rejects();

      const stores = createMemoryStores();
      await expect(importInto(folder, taobao, [path], { stores: failingAt(stores, batch) })).rejects.toThrow(
        'went away',
      );
      expect(await stores.interactions.count(shopId)).toBeLessThan(18_000);
      const { summary } = await importInto(folder, taobao, [path], { stores });

      expect(await eventIds(stores)).toEqual(await eventIds(clean.stores));
      expect(await stores.interactions.count(shopId)).toBe(18_000);
      const [file] = summary.files;
      expect(file.accepted + file.duplicates).toBe(18_000);
      expect({ ...file, accepted: 0, duplicates: 0 }).toEqual({
        ...clean.summary.files[0],
        accepted: 0,
        duplicates: 0,
      });
      expect(folder.rejects()).toEqual(cleanRejects);
    },
  );

  it('does not store again what its record covers', async () => {
    const path = folder.write('a.csv', lines(12_000));
    const stores = createMemoryStores();
    await expect(importInto(folder, taobao, [path], { stores: failingAt(stores, 3) })).rejects.toThrow(
      'went away',
    );
    const { summary } = await importInto(folder, taobao, [path], { stores });
    expect(summary.events).toBe(2_000);
  });

  it('stops when cancelled, stores what it read, and continues later', async () => {
    const path = folder.write('a.csv', randomlyLong(60_000));
    const stores = createMemoryStores();
    const stop = new AbortController();
    const interactions: Stores['interactions'] = {
      ...stores.interactions,
      insertMany: rows => {
        stop.abort(new GatewayError('CANCELLED', 'Stopped as asked.'));
        return stores.interactions.insertMany(rows);
      },
    };
    await expect(
      importInto(folder, taobao, [path], { stores: { ...stores, interactions }, signal: stop.signal }),
    ).rejects.toThrow('as asked');
    const kept = await stores.interactions.count(shopId);
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(60_000);
    await importInto(folder, taobao, [path], { stores });
    expect(await stores.interactions.count(shopId)).toBe(60_000);
  });
});

/** Lines of different length that fill several disk chunks. */
const randomlyLong = (count: number): string =>
  Array.from({ length: count }, (_, n) => `${n % 50},${n},3,buy,${1511544070 + n}\n`).join('');

describe('an import of a file with many rejected lines', () => {
  const bad = (count: number): string => '1,2,3,eat,1511544070\n'.repeat(count);
  const stored = async (stores: Stores) => stores.interactions.count(shopId);

  it('fails when every line is rejected, however few', async () => {
    const stores = createMemoryStores();
    const path = folder.write('a.csv', `${lines(1)}`.replace('pv', 'buy'));
    const mapping = { format: 'csv', columns: ['u', 'p', 'c', 't', 's'] } as const;
    const event = { userId: { column: 'u' }, productId: { column: 'p' }, type: { column: 't' } };
    const importing = importInto(folder, { ...mapping, event }, [path], { stores });
    await expect(importing).rejects.toMatchObject({
      code: 'IMPORT_INVALID',
      message: expect.stringMatching(/got 1 of 1 \(TYPE_UNKNOWN 1\)\. No line of it was stored\./),
    });
    expect(folder.rejects()).toMatchObject([{ line: 1, code: 'TYPE_UNKNOWN' }]);
    // It is not recorded as imported either.
    await expect(importInto(folder, { ...mapping, event }, [path], { stores })).rejects.toThrow('got 1 of 1');
  });

  it('stops at the first batch when more than half of its lines are rejected, and stores nothing', async () => {
    const stores = createMemoryStores();
    const path = folder.write('a.csv', `${lines(2_000)}${bad(3_000)}${lines(50_000, 9_000)}`);
    await expect(importInto(folder, taobao, [path], { stores })).rejects.toThrow(
      'got 3,000 of 5,000 (TYPE_UNKNOWN 3,000). No line of it was stored',
    );
    expect(await stored(stores)).toBe(0);
  });

  it('stops later, tells what is stored, and goes on with a greater share', async () => {
    const stores = createMemoryStores();
    const path = folder.write('a.csv', `${lines(10_000)}${bad(12_000)}${lines(1_000, 20_000)}`);
    await expect(importInto(folder, taobao, [path], { stores })).rejects.toThrow(
      /got 1\d,\d{3} of 2\d,\d{3} .* Its rows up to line \d+000 were stored/,
    );
    expect(await stored(stores)).toBe(10_000);
    const { summary } = await importInto(folder, taobao, [path], { stores, maxRejectedShare: 0.6 });
    expect(summary.files).toMatchObject([{ accepted: 11_000, rejected: { TYPE_UNKNOWN: 12_000 } }]);
  });

  it.each([
    ['half of the lines', `${lines(1_000)}${bad(1_000)}`, undefined],
    ['most of a few lines', `${lines(2)}${bad(900)}`, undefined],
    ['all but one line, when allowed', `${lines(1)}${bad(6_000)}`, 1],
  ])('goes on with %s', async (_case, content, maxRejectedShare) => {
    const { summary } = await importInto(folder, taobao, [folder.write('a.csv', content)], {
      maxRejectedShare,
    });
    expect(summary.files[0].accepted).toBeGreaterThan(0);
  });

  it('does not count skipped lines', async () => {
    const path = folder.write('a.csv', `\n\n${lines(1)}${'\n'.repeat(5_000)}`.trimStart());
    expect((await importInto(folder, taobao, [path])).summary.files).toMatchObject([{ accepted: 1 }]);
  });
});

describe('an import of a file that is none', () => {
  it.each([
    ['a folder', () => folder.path, 'a directory'],
    ['an endless device', () => '/dev/zero', 'a device'],
    ['a pipe', () => pipeIn(folder), 'a pipe'],
    ['nothing', () => `${folder.path}/none`, 'ENOENT'],
  ])('refuses %s at once', async (_case, pathOf, reason) => {
    await expect(importInto(folder, taobao, [pathOf()])).rejects.toMatchObject({
      code: 'IMPORT_INVALID',
      message: expect.stringContaining(`got ${reason}.`),
    });
  });

  it('stops while it computes the digest', async () => {
    const stop = new AbortController();
    stop.abort(new GatewayError('CANCELLED', 'Stopped as asked.'));
    const importing = importInto(folder, taobao, [folder.write('a.csv', lines(1))], { signal: stop.signal });
    await expect(importing).rejects.toThrow('as asked');
  });
});

function pipeIn({ path }: TestFolder): string {
  execFileSync('mkfifo', [`${path}/pipe`]);
  return `${path}/pipe`;
}

describe('a malformed file', () => {
  const good = lines(3);

  it.each<[string, Uint8Array, Record<string, number>]>([
    ['malformed UTF-8', Buffer.from([0x31, 0x2c, 0xff, 0xfe, 0x2c]), { ENCODING_INVALID: 1 }],
    ['NUL', Buffer.from('1,2\0,3,pv,1511544070'), { TEXT_NUL: 1 }],
    ['10 MB in one line', Buffer.alloc(10_485_760, 'x'), { LINE_TOO_LONG: 1 }],
    [
      'binary data without a line end',
      Buffer.concat([randomBytes(64).filter(byte => byte !== 10), Buffer.from([0xff])]),
      { ENCODING_INVALID: 1 },
    ],
    ['a number as text', Buffer.from('1,2,3,pv,"1511544070"'), { TIME_INVALID: 1 }],
    ['an absurd date', Buffer.from('1,2,3,pv,99999999999999999999'), { TIME_INVALID: 1 }],
    ['a blank line', Buffer.from('  '), { LINE_EMPTY: 1 }],
  ])('with %s loses that line only', async (_case, bytes, rejected) => {
    const path = folder.write(
      'a.csv',
      Buffer.concat([Buffer.from(good), bytes, Buffer.from(`\n${lines(3, 3)}`)]),
    );
    const { summary } = await importInto(folder, taobao, [path]);
    expect(summary.files).toMatchObject([{ lines: 7, accepted: 6, rejected }]);
    expect(folder.rejects()).toMatchObject([{ line: 4 }]);
  });

  it('that is a truncated gzip stores its intact part and reports a remedy', async () => {
    const whole = gzipSync(Buffer.from(randomlyLong(40_000)));
    const stores = createMemoryStores();
    const cut = folder.write('a.csv.gz', whole.subarray(0, whole.length * 0.75));
    await expect(importInto(folder, taobao, [cut], { stores })).rejects.toThrow('truncated or damaged');
    expect(await stores.interactions.count(shopId)).toBeGreaterThan(10_000);
    const dryRun = importInto(folder, taobao, [cut], { isDryRun: true });
    await expect(dryRun).rejects.toThrow('Nothing of it was stored, as this is a dry run; fetch');
    const { summary } = await importInto(folder, taobao, [folder.write('a.csv.gz', whole)], { stores });
    expect(await stores.interactions.count(shopId)).toBe(40_000);
    expect(summary.files[0].duplicates).toBeGreaterThan(10_000);
  });

  it.each([
    ['CR-only lines', 'n,u,p\r1,u1,p1\r2,u2,p2\r'],
    ['CR-only lines of more than 1 MiB', `n,u,p\r${'1,u1,p1\r'.repeat(200_000)}`],
  ])('with %s is refused by name', async (_case, content) => {
    const event = { userId: { column: 'u' }, productId: { column: 'p' }, type: { constant: 'VIEW' } };
    const path = folder.write('a.csv', content);
    const importing = importInto(folder, { format: 'csv', event }, [path]);
    await expect(importing).rejects.toThrow('got lines that end with CR alone');
  });

  it('that repeats a name or is nested too deeply loses that line only', async () => {
    const line = '{"kind":"event","id":"1","userId":"u","productId":"p","type":"VIEW"}';
    const deep = `${'['.repeat(300_000)}1234567890123456789${']'.repeat(300_000)}`;
    const path = folder.write('a.jsonl', `${line}\n${line.replace('}', ',"id":"2"}')}\n${deep}\n`);
    const { summary } = await importInto(folder, presetNamed('affinity'), [path]);
    expect(summary.files).toMatchObject([{ accepted: 1, rejected: { NAME_REPEATED: 1, JSON_INVALID: 1 } }]);
  });

  it('keeps ids over 2^53 apart', async () => {
    const event = {
      id: { column: 'e' },
      userId: { column: 'u' },
      productId: { column: 'p' },
      type: { constant: 'VIEW' },
    };
    const rows = [1, 2, 3].map(
      n => `{"e":900719925474099${n},"u":161052160414369381${n},"p":770719925474099300${n}}\n`,
    );
    const path = folder.write('a.jsonl', rows.join(''));
    const { summary, stores } = await importInto(folder, { format: 'jsonl', event }, [path]);
    expect(summary).toMatchObject({
      files: [{ accepted: 3, duplicates: 0 }],
      products: { added: 3 },
      users: { added: 3 },
    });
    expect(await eventIds(stores)).toEqual(['9007199254740991', '9007199254740992', '9007199254740993']);
  });

  it('that is a gzip with bytes after its end is read whole, and the bytes are reported', async () => {
    for (const tail of [Buffer.from('\r\n'), Buffer.alloc(512), Buffer.from('garbage')]) {
      const path = folder.write('a.csv.gz', Buffer.concat([gzipSync(lines(100)), tail]));
      expect((await importInto(folder, taobao, [path])).summary.files).toMatchObject([{ accepted: 100 }]);
    }
    const two = folder.write('b.csv.gz', Buffer.concat([gzipSync(lines(100)), gzipSync(lines(50, 100))]));
    expect((await importInto(folder, taobao, [two])).summary.files).toMatchObject([{ accepted: 150 }]);
  });

  it('that is a gzip cut before its first line end is refused, and the message does not claim rows', async () => {
    const cut = folder.write('a.csv.gz', gzipSync(lines(1)).subarray(0, 20));
    await expect(importInto(folder, taobao, [cut])).rejects.toThrow('No line of it was stored');
  });

  it('that is empty is rejected; one with a header only is finished at once', async () => {
    await expect(importInto(folder, taobao, [folder.write('a.csv', '')])).rejects.toThrow('an empty file');
    const header = 'timestamp,visitorid,event,itemid,transactionid\n';
    const { summary } = await importInto(folder, presetNamed('retailrocket'), [
      folder.write('events.csv', header),
    ]);
    expect(summary.files).toMatchObject([{ lines: 0, accepted: 0, rejected: {} }]);
  });

  it('with a byte order mark and CRLF is read as usual', async () => {
    const path = folder.write('a.csv', `\ufeff${good.replaceAll('\n', '\r\n')}`);
    expect((await importInto(folder, taobao, [path])).summary.files).toMatchObject([{ accepted: 3 }]);
  });

  it('of JSON lines reports each line that is not JSON', async () => {
    const line = '{"kind":"event","id":"1","userId":"u","productId":"p","type":"VIEW"}';
    const deep = '['.repeat(400_000);
    const path = folder.write(
      'a.jsonl',
      `${line}\n{"kind"\n\n${deep}\n[]\n{"kind":"event","id":"\\u0000"}\n{"kind":"event","id":"\\ud800"}\n`,
    );
    const { summary } = await importInto(folder, presetNamed('affinity'), [path]);
    expect(summary.files).toMatchObject([
      {
        lines: 7,
        accepted: 1,
        rejected: { JSON_INVALID: 2, LINE_EMPTY: 1, NOT_AN_OBJECT: 1, TEXT_NUL: 1, TEXT_LONE_SURROGATE: 1 },
      },
    ]);
  });
});
