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
    stop.abort(new GatewayError('CANCELLED', 'Stopped as asked.'));
    await expect(importInto(folder, taobao, [path], { stores, signal: stop.signal })).rejects.toThrow(
      'as asked',
    );
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
    const { summary } = await importInto(folder, taobao, [folder.write('a.csv.gz', whole)], { stores });
    expect(await stores.interactions.count(shopId)).toBe(40_000);
    expect(summary.files[0].duplicates).toBeGreaterThan(10_000);
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
