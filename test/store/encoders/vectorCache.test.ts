import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withVectorCache } from '../../../src/store/encoders/vectorCache';
import type { DocumentEncoder } from '../../../src/store/ports/documentEncoder';

let folder: string;
let asked: string[];
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'affinity-vectors-')), 'encodings');
  asked = [];
});
afterEach(() => rm(join(folder, '..'), { recursive: true }));

const encoderOf = (dimensions = 3, name = 'fake'): DocumentEncoder => ({
  name,
  async encode(texts) {
    asked.push(...texts);
    const rows = Float32Array.from(texts.flatMap(text => Array(dimensions).fill(text.length / 8)));
    return { dimensions, rows };
  },
});

const idle = (): AbortSignal => new AbortController().signal;
const file = async (): Promise<string> => join(folder, (await readdir(folder))[0]);
const encode = (texts: readonly string[], encoder = encoderOf()) =>
  withVectorCache(encoder, folder).encode(texts, idle());

it('encodes a text once, also over restarts, and returns equal vectors', async () => {
  const first = await encode(['mug', '杯子', 'mug']);
  expect(asked).toEqual(['mug', '杯子']);
  expect([...first.rows]).toEqual([3 / 8, 3 / 8, 3 / 8, 2 / 8, 2 / 8, 2 / 8, 3 / 8, 3 / 8, 3 / 8]);
  expect(await encode(['mug', '杯子', 'mug'])).toEqual(first);
  expect(asked).toHaveLength(2);
  await encode(['tea', 'mug']);
  expect(asked).toEqual(['mug', '杯子', 'tea']);
});

it('stores no text', async () => {
  await encode(['a very secret mug']);
  expect((await readFile(await file())).includes('secret')).toBe(false);
});

it('separates encoders', async () => {
  await encode(['mug']);
  await encode(['mug'], encoderOf(3, 'other'));
  expect(asked).toEqual(['mug', 'mug']);
});

it('keeps encoded parts when a later part fails', async () => {
  const texts = Array.from({ length: 600 }, (_, index) => `mug ${index}`);
  const encoder = encoderOf();
  const failing: DocumentEncoder = {
    ...encoder,
    encode(part, signal) {
      if (asked.length > 0) throw new Error('no credit left');
      return encoder.encode(part, signal);
    },
  };
  await expect(encode(texts, failing)).rejects.toThrow('no credit left');
  expect(asked).toHaveLength(512);
  await encode(texts);
  expect(asked).toHaveLength(600);
});

it('drops a truncated record, and encodes its text again', async () => {
  await encode(['mug', 'cup', 'tea']);
  const path = await file();
  const whole = await readFile(path);
  await truncate(path, whole.length - 5);
  await encode(['mug', 'cup', 'tea']);
  expect(asked).toEqual(['mug', 'cup', 'tea', 'tea']);
  expect(await readFile(path)).toEqual(whole);
});

it('drops records with a wrong checksum, and files of another format', async () => {
  await encode(['mug', 'cup', 'tea']);
  const path = await file();
  const bytes = await readFile(path);
  bytes[12 + 48 + 40] ^= 1;
  await writeFile(path, bytes);
  const again = await encode(['mug', 'cup', 'tea']);
  expect(asked).toEqual(['mug', 'cup', 'tea', 'cup', 'tea']);
  expect([...again.rows]).toEqual(Array(9).fill(3 / 8));
  await writeFile(path, 'something else entirely, for sure');
  expect(await encode(['mug', 'cup', 'tea'])).toEqual(again);
});

it('starts over when vectors change their length', async () => {
  await encode(['mug', 'cup']);
  const { dimensions, rows } = await encode(['mug', 'tea'], encoderOf(5));
  expect(dimensions).toBe(5);
  expect([...rows]).toEqual(Array(10).fill(3 / 8));
  expect(await encode(['mug'], encoderOf(5))).toEqual({
    dimensions: 5,
    rows: new Float32Array(5).fill(3 / 8),
  });
});

it('returns nothing for no texts', async () => {
  expect(await encode([])).toEqual({ dimensions: 0, rows: new Float32Array() });
});
