import { GatewayError } from '../domain/errors';
import type { Artifact, ArtifactArray, ArtifactHeader } from './artifact';
import {
  type ArraySection,
  type ArtifactLayout,
  alignment,
  arrayClassOf,
  checksumLength,
  formatVersion,
  magic,
  preambleLength,
} from './format';

function refuse(expected: string, got: string): never {
  throw new GatewayError(
    'ARTIFACT_DAMAGED',
    `Expected ${expected}; got ${got}. Train the model again; the last good artifact keeps serving.`,
    { expected, got },
  );
}

const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');

function checkPreamble(bytes: Uint8Array): void {
  if (bytes.length < preambleLength + checksumLength)
    refuse(`at least ${preambleLength + checksumLength} bytes`, `${bytes.length}`);
  const start = String.fromCharCode(...bytes.subarray(0, magic.length));
  if (start !== magic)
    refuse(
      `the first bytes ${hexOf(new TextEncoder().encode(magic))}`,
      hexOf(bytes.subarray(0, magic.length)),
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const version = view.getUint32(8, true);
  if (version !== formatVersion) refuse(`format version ${formatVersion}`, `${version}`);
  const length = view.getFloat64(16, true);
  if (length !== bytes.length) refuse(`${length} bytes`, `${bytes.length}`);
}

/** Returns the SHA-256 of bytes. */
export type Digest = (bytes: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>;

const webDigest: Digest = async bytes => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));

async function checkChecksum(bytes: Uint8Array<ArrayBuffer>, digest: Digest): Promise<void> {
  const body = bytes.length - checksumLength;
  const actual = hexOf(await digest(bytes.subarray(0, body)));
  const recorded = hexOf(bytes.subarray(body));
  if (actual !== recorded) refuse(`SHA-256 ${recorded}`, actual);
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function isHeader(value: unknown): value is ArtifactHeader {
  if (!isObject(value)) return false;
  const { model, config, snapshotDigest, asOf, seed } = value as Partial<
    Record<keyof ArtifactHeader, unknown>
  >;
  return (
    typeof model === 'string' &&
    isObject(config) &&
    typeof snapshotDigest === 'string' &&
    typeof asOf === 'number' &&
    typeof seed === 'number'
  );
}

function isSection(value: unknown): value is ArraySection {
  if (!isObject(value)) return false;
  const { name, type, offset, length } = value as Partial<Record<keyof ArraySection, unknown>>;
  return (
    typeof name === 'string' &&
    typeof type === 'string' &&
    Number.isSafeInteger(offset) &&
    Number.isSafeInteger(length)
  );
}

function readLayout(bytes: Uint8Array): ArtifactLayout {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(12, true);
  const end = preambleLength + length;
  if (end > bytes.length - checksumLength) refuse('a layout within the artifact', `one of ${length} bytes`);
  let layout: unknown;
  try {
    layout = JSON.parse(
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(preambleLength, end)),
    );
  } catch {
    refuse('a layout in JSON', 'malformed text');
  }
  if (!isObject(layout)) refuse('a layout object', typeof layout);
  const { header, arrays } = layout as Partial<Record<keyof ArtifactLayout, unknown>>;
  if (!isHeader(header))
    refuse('a header with model, config, snapshotDigest, asOf and seed', 'a header without some of them');
  if (!Array.isArray(arrays) || !arrays.every(isSection))
    refuse('a list of arrays with name, type, offset and length', 'a list without some of them');
  return { header, arrays };
}

function readArray(bytes: Uint8Array<ArrayBuffer>, section: ArraySection): ArtifactArray {
  const arrayClass = arrayClassOf(section.type);
  if (!arrayClass) refuse('a known array type', section.type);
  const { offset, length } = section;
  const end = offset + length * arrayClass.BYTES_PER_ELEMENT;
  if (
    offset < preambleLength ||
    length < 0 ||
    offset % alignment !== 0 ||
    end > bytes.length - checksumLength
  )
    refuse(`array ${section.name} within the artifact`, `bytes ${offset} to ${end}`);
  return new arrayClass(bytes.buffer, bytes.byteOffset + offset, length);
}

/** Returns the bytes in memory that typed arrays can view (aligned and not shared), copied if necessary. */
function viewable(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = bytes;
  if (buffer instanceof ArrayBuffer && byteOffset % alignment === 0)
    return new Uint8Array(buffer, byteOffset, byteLength);
  return new Uint8Array(bytes);
}

/**
 * Decodes an artifact. Arrays are views on the bytes when these are aligned, so the caller must not change them
 * afterwards. Values are not checked: the model's `load` checks lengths and NaN.
 *
 * @param digest - by default that of the platform, which copies the bytes
 * @throws {GatewayError} ARTIFACT_DAMAGED on wrong magic, version, length, checksum or layout
 */
export async function decodeArtifact(bytes: Uint8Array, digest: Digest = webDigest): Promise<Artifact> {
  checkPreamble(bytes);
  const usable = viewable(bytes);
  await checkChecksum(usable, digest);
  const { header, arrays } = readLayout(usable);
  return { header, arrays: new Map(arrays.map(section => [section.name, readArray(usable, section)])) };
}
