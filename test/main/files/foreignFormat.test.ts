import { gzipSync } from 'node:zlib';
import { openLines } from '../../../src/main/commands/evaluate/openLines';
import { readMapping } from '../../../src/main/commands/import/mappingFile';
import { foreignFormatOf } from '../../../src/main/files/foreignFormat';
import { contentOf } from '../../../src/main/files/inputFile';
import { importInto, makeTestFolder, presetNamed, type TestFolder } from '../../support/importRun';

let folder: TestFolder;
beforeEach(() => {
  folder = makeTestFolder();
});
afterEach(() => folder.remove());

const line = '{"kind":"event","id":"1","userId":"u","productId":"p","type":"VIEW"}\n';

const hex = (digits: string): Buffer => Buffer.from(digits, 'hex');
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

/** A zip whose first file has this name and content. */
const zipOf = (name: string, content: string): Buffer => {
  const header = Buffer.alloc(30);
  header.write('PK\x03\x04', 'latin1');
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, latin1(name + content)]);
};

/** An archive of tar with one file: name, and its mark in the 257th byte. */
const tarOf = (name: string): Buffer => {
  const header = Buffer.alloc(1_024);
  header.write(name);
  header.write('ustar', 257);
  return header;
};

/** Lines in UTF-16 or UTF-32, little or big endian. */
const wide = (text: string, bytes: 2 | 4, isLittle: boolean, mark: string): Buffer =>
  Buffer.concat(
    [...`${mark}${text}`].map(letter => {
      const unit = Buffer.alloc(bytes);
      if (isLittle) unit.writeUIntLE(letter.charCodeAt(0), 0, bytes);
      else unit.writeUIntBE(letter.charCodeAt(0), 0, bytes);
      return unit;
    }),
  );

const bom = '\ufeff';

/** Files as the named programs write them. */
const foreign: readonly (readonly [string, string, Buffer])[] = [
  ['gzip twice', 'a gzip inside a gzip', gzipSync(gzipSync(line))],
  ['zip in gzip', 'a zip archive', gzipSync(zipOf('rows.csv', line))],
  ['zip', 'a zip archive', zipOf('rows.csv', line)],
  ['zip without files', 'a zip archive', latin1(`PK\x05\x06${'\0'.repeat(18)}`)],
  ['Excel', 'a workbook (xlsx or ods)', zipOf('[Content_Types].xml', '<?xml?>')],
  ['Excel, other order', 'a workbook (xlsx or ods)', zipOf('xl/workbook.xml', '<?xml?>')],
  ['LibreOffice', 'a workbook', zipOf('mimetype', 'application/vnd.oasis.opendocument.spreadsheet')],
  ['Excel of 1997', 'an old workbook of Excel (xls)', hex('d0cf11e0a1b11ae1000000')],
  [
    'bzip2',
    'a bzip2 file',
    hex('425a6839314159265359f80859ec000003d8800010000430004200200030c008634014bcb0bb9229c28487c042cf60'),
  ],
  ['bzip2 of nothing', 'a bzip2 file', hex('425a683917724538509000000000')],
  ['xz', 'an xz file', hex('fd377a585a000004e6d6b4460200210116000000742fe5a3')],
  ['zstd', 'a zstd file', hex('28b52ffd2408410000')],
  ['lz4', 'an lz4 file', hex('04224d186440a7')],
  ['compress', 'a file of compress (.Z)', hex('1f9d9075')],
  ['7z', 'a 7z archive', hex('377abcaf271c0004')],
  ['tar in gzip', 'a tar archive', gzipSync(tarOf('rows.jsonl'))],
  ['tar', 'a tar archive', tarOf('rows.jsonl')],
  ['Parquet', 'a Parquet file', latin1('PAR1\x15\x04\x15\x10')],
  ['Avro', 'an Avro file', latin1('Obj\x01\x04\x14avro.codec')],
  ['SQLite', 'a SQLite database', latin1('SQLite format 3\0\x10\0')],
  ['Arrow', 'an Arrow file', latin1('ARROW1\0\0')],
  ['UTF-16, little endian', 'text in UTF-16', wide(line, 2, true, bom)],
  ['UTF-16, big endian', 'text in UTF-16', wide(line, 2, false, bom)],
  ['UTF-16 without a mark', 'text in UTF-16', wide(line, 2, true, '')],
  ['UTF-16 of big endian without a mark', 'text in UTF-16', wide('a,b\n', 2, false, '')],
  ['UTF-32', 'text in UTF-32', wide(line, 4, true, bom)],
];

describe('a file that holds no lines of text', () => {
  it.each(foreign)('is named by an import, with a remedy: %s', async (_case, name, bytes) => {
    const path = folder.write('rows.jsonl', bytes);
    const imported = importInto(folder, presetNamed('affinity'), [path]);
    await expect(imported).rejects.toMatchObject({
      code: 'IMPORT_INVALID',
      message: expect.stringMatching(
        /^Expected lines of CSV, TSV or JSONL.*; got .*\. Nothing was written\.$/,
      ),
    });
    await expect(imported).rejects.toThrow(`got ${name}`);
  });

  it.each(foreign)('is named by an evaluation, with a remedy: %s', async (_case, name, bytes) => {
    const path = folder.write('rows.csv', bytes);
    const lines = openLines(path)[Symbol.asyncIterator]();
    await expect(lines.next()).rejects.toMatchObject({
      code: 'EVALUATION_INVALID',
      message: expect.stringContaining(`Expected lines of text, plain or in gzip; got ${name}`),
    });
  });

  it('is named as a mapping', async () => {
    const path = folder.write('map.json', wide('{"format":"csv"}', 2, true, bom));
    await expect(readMapping(path)).rejects.toThrow('got: text in UTF-16. Convert it: iconv');
  });
});

describe('text', () => {
  it.each([
    'PAR1,PAR2,PAR3\n',
    'PK,name\n',
    'BZh9,1,2\n',
    'ORC,elf\n',
    'Obj,1\n',
    'Rar!,1\n',
    '7z,1\n',
    'LZIP,1\n',
    'u\n',
    '',
    'é,ü\n',
    '\u00ff\u00fd,1\n',
    `${'x'.repeat(257)}ustar`.slice(0, 256),
  ])('that begins as such a file may is text: %j', text => {
    expect(foreignFormatOf(Buffer.from(text))).toBeNull();
    expect(foreignFormatOf(latin1(text))).toBeNull();
  });

  it.each([1, 511, 512, 513, 300_000])('of %d bytes is read unchanged, plain and in gzip', async length => {
    const text = 'abc\n'.repeat(length).slice(0, length);
    for (const bytes of [Buffer.from(text), gzipSync(text)]) {
      const parts: Uint8Array[] = [];
      for await (const part of contentOf(folder.write('text', bytes))) parts.push(part);
      expect(Buffer.concat(parts).toString()).toBe(text);
    }
  });

  it('before the damage of a short gzip is read', async () => {
    const path = folder.write('rows.gz', gzipSync(line).subarray(0, -3));
    const parts: Uint8Array[] = [];
    const reading = (async () => {
      for await (const part of contentOf(path)) parts.push(part);
    })();
    await expect(reading).rejects.toMatchObject({ code: expect.stringMatching(/^Z_/) });
    expect(Buffer.concat(parts).toString()).toBe(line);
  });
});

describe('a mapping', () => {
  it('may have a byte order mark, and be in gzip', async () => {
    const mapping = { format: 'csv', product: { id: 'sku' } };
    const text = `${bom}${JSON.stringify(mapping)}`;
    for (const bytes of [Buffer.from(text), gzipSync(text)])
      expect(await readMapping(folder.write('map.json', bytes))).toMatchObject({ format: 'csv' });
  });
});
