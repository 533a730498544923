/** A file whose bytes hold no lines of text before it is converted. */
export interface ForeignFormat {
  /** What it is, with its article, for messages. */
  readonly name: string;
  /** What to do with it, as a sentence. */
  readonly remedy: string;
}

/** Number of first bytes that {@link foreignFormatOf} looks at: a tar names itself in the 257th. */
export const sniffedBytes = 512;

const bytesOf = (text: string): readonly number[] => [...text].map(letter => letter.charCodeAt(0));

interface Magic extends ForeignFormat {
  readonly bytes: readonly number[];
  /** Position of the bytes; 0 by default. */
  readonly at?: number;
  /** Whether the next byte must be none of a text, because a text may begin with these bytes. */
  readonly endsInBinary?: boolean;
}

const asText = 'Export it as CSV in UTF-8.';
const toUtf8 = 'Convert it: iconv -f UTF-16 -t UTF-8 FILE > NEW.';
const toUtf8From32 = 'Convert it: iconv -f UTF-32 -t UTF-8 FILE > NEW.';
const decompress = (command: string): string => `Decompress it first: ${command}.`;
const convert = 'Convert it to CSV or JSONL first.';

const bzip2: Magic = { name: 'a bzip2 file', bytes: bytesOf('BZh'), remedy: decompress('bunzip2 FILE') };

/** First bytes of formats that people confuse with text. The longer of two that begin alike comes first. */
const magics: readonly Magic[] = [
  { name: 'a gzip inside a gzip', bytes: [0x1f, 0x8b], remedy: 'Decompress it once: gunzip FILE.gz.' },
  { name: 'a file of compress (.Z)', bytes: [0x1f, 0x9d], remedy: decompress('gunzip FILE.Z') },
  bzip2,
  { name: 'an xz file', bytes: [0xfd, ...bytesOf('7zXZ'), 0], remedy: decompress('unxz FILE') },
  { name: 'a zstd file', bytes: [0x28, 0xb5, 0x2f, 0xfd], remedy: decompress('unzstd FILE') },
  { name: 'an lz4 file', bytes: [0x04, 0x22, 0x4d, 0x18], remedy: decompress('unlz4 FILE') },
  { name: 'an lzip file', bytes: [...bytesOf('LZIP'), 1], remedy: decompress('lzip -d FILE') },
  {
    name: 'a 7z archive',
    bytes: [...bytesOf('7z'), 0xbc, 0xaf, 0x27, 0x1c],
    remedy: 'Extract the file in it.',
  },
  { name: 'a rar archive', bytes: [...bytesOf('Rar!'), 0x1a, 7], remedy: 'Extract the file in it.' },
  {
    name: 'a tar archive',
    bytes: bytesOf('ustar'),
    at: 257,
    remedy: 'Extract the files in it: tar -xf FILE.',
  },
  {
    name: 'an old workbook of Excel (xls)',
    bytes: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1],
    remedy: asText,
  },
  { name: 'a Parquet file', bytes: bytesOf('PAR1'), endsInBinary: true, remedy: convert },
  { name: 'an ORC file', bytes: bytesOf('ORC'), endsInBinary: true, remedy: convert },
  { name: 'an Avro file', bytes: [...bytesOf('Obj'), 1], remedy: convert },
  { name: 'an Arrow file', bytes: [...bytesOf('ARROW1'), 0], remedy: convert },
  { name: 'an HDF5 file', bytes: [0x89, ...bytesOf('HDF\r\n'), 0x1a], remedy: convert },
  {
    name: 'a SQLite database',
    bytes: [...bytesOf('SQLite format 3'), 0],
    remedy: 'Export its tables as CSV.',
  },
  { name: 'an array of NumPy', bytes: [0x93, ...bytesOf('NUMPY')], remedy: convert },
  { name: 'a PDF', bytes: bytesOf('%PDF-'), remedy: asText },
  { name: 'text in UTF-32', bytes: [0xff, 0xfe, 0, 0], remedy: toUtf8From32 },
  { name: 'text in UTF-32', bytes: [0, 0, 0xfe, 0xff], remedy: toUtf8From32 },
  { name: 'text in UTF-16', bytes: [0xff, 0xfe], remedy: toUtf8 },
  { name: 'text in UTF-16', bytes: [0xfe, 0xff], remedy: toUtf8 },
];

const zipArchive: ForeignFormat = { name: 'a zip archive', remedy: 'Extract the file in it: unzip FILE.' };
const workbook: ForeignFormat = { name: 'a workbook (xlsx or ods)', remedy: asText };

/** Names and types of the first file in the archives that spreadsheets are. */
const workbookPattern = /^(?:\[Content_Types\]\.xml|_rels\/|docProps\/|xl\/|mimetypeapplication\/vnd\.oasis)/;

const isText = (byte: number | undefined): boolean =>
  byte === undefined || byte >= 0x20 || (byte >= 9 && byte <= 13);

const hasAt = (head: Uint8Array, bytes: readonly number[], at: number): boolean =>
  bytes.every((byte, place) => head[at + place] === byte);

const matches = (head: Uint8Array, { bytes, at = 0, endsInBinary }: Magic): boolean =>
  hasAt(head, bytes, at) && (endsInBinary !== true || !isText(head[at + bytes.length]));

/** Bytes 4-9 of a bzip2 file in hex: digits of pi where a block begins, and of its square root at the end of an empty file. */
const bzip2Marks: readonly string[] = ['314159265359', '177245385090'];

const latin1 = (head: Uint8Array, from: number, length: number): string =>
  Buffer.from(head.subarray(from, from + length)).toString('latin1');

/** Returns what a zip holds, by the name of its first file; null for no zip. */
function zipKindOf(head: Uint8Array): ForeignFormat | null {
  const isZip =
    hasAt(head, bytesOf('PK'), 0) && [3, 5, 7].some(part => head[2] === part && head[3] === part + 1);
  if (!isZip) return null;
  return workbookPattern.test(latin1(head, 30, 64)) ? workbook : zipArchive;
}

/** Returns whether every second byte of the beginning is zero, as of ASCII in UTF-16 without a byte order mark. */
function isBareUtf16(head: Uint8Array): boolean {
  const pairs = Math.min(16, Math.floor(head.length / 2));
  if (pairs < 2) return false;
  return [0, 1].some(zeroAt => {
    for (let pair = 0; pair < pairs; pair++)
      if (head[2 * pair + zeroAt] !== 0 || head[2 * pair + 1 - zeroAt] === 0) return false;
    return true;
  });
}

/**
 * Returns the format of content that is no text in UTF-8, Latin-1 or the like, by its first bytes; null for what may be text.
 * Gzip counts as one: whoever calls this has read the outer one.
 *
 * @param head - the first {@link sniffedBytes} bytes, or all of shorter content
 */
export function foreignFormatOf(head: Uint8Array): ForeignFormat | null {
  const zip = zipKindOf(head);
  if (zip !== null) return zip;
  const found = magics.find(magic => matches(head, magic));
  if (found === bzip2 && !bzip2Marks.includes(Buffer.from(head.subarray(4, 10)).toString('hex'))) return null;
  if (found !== undefined) return { name: found.name, remedy: found.remedy };
  return isBareUtf16(head) ? { name: 'text in UTF-16', remedy: toUtf8 } : null;
}
