import type { Artifact, ArtifactHeader } from './artifact';
import {
  type ArraySection,
  aligned,
  checksumLength,
  formatVersion,
  magic,
  preambleLength,
  typeNameOf,
} from './format';

const encoder = new TextEncoder();

/** Sorts keys, so that equal headers give equal bytes. */
function sortedHeader(header: ArtifactHeader): ArtifactHeader {
  const entries = Object.entries(header.config).sort(([a], [b]) => (a < b ? -1 : 1));
  const { model, snapshotDigest, asOf, seed } = header;
  return { model, config: Object.fromEntries(entries), snapshotDigest, asOf, seed };
}

/** Computes the layout by iteration: offsets depend on the length of the JSON, which contains the offsets. */
function layoutOf(artifact: Artifact): { readonly json: Uint8Array; readonly sections: ArraySection[] } {
  const header = sortedHeader(artifact.header);
  let start = 0;
  for (;;) {
    let end = start;
    const sections: ArraySection[] = [];
    for (const [name, array] of artifact.arrays) {
      const offset = aligned(end);
      sections.push({ name, type: typeNameOf(array), offset, length: array.length });
      end = offset + array.byteLength;
    }
    const json = encoder.encode(JSON.stringify({ header, arrays: sections }));
    const needed = aligned(preambleLength + json.length);
    if (needed <= start) return { json, sections };
    start = needed;
  }
}

/**
 * Encodes an artifact in the format of format.ts. Equal artifacts (arrays in the same order) give equal bytes. The result
 * shares no memory with the argument; O(bytes).
 */
export async function encodeArtifact(artifact: Artifact): Promise<Uint8Array<ArrayBuffer>> {
  const { json, sections } = layoutOf(artifact);
  const last = sections.at(-1);
  const lastArray = last && artifact.arrays.get(last.name);
  const body = last && lastArray ? last.offset + lastArray.byteLength : aligned(preambleLength + json.length);
  const bytes = new Uint8Array(body + checksumLength);
  const view = new DataView(bytes.buffer);
  bytes.set(encoder.encode(magic), 0);
  view.setUint32(8, formatVersion, true);
  view.setUint32(12, json.length, true);
  view.setFloat64(16, bytes.length, true);
  bytes.set(json, preambleLength);
  for (const { name, offset } of sections) {
    const array = artifact.arrays.get(name);
    if (array) bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offset);
  }
  bytes.set(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes.subarray(0, body))), body);
  return bytes;
}
