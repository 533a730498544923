import { GatewayError } from '../domain/errors';

/** Ids in row order, as two arrays that an artifact can hold. */
export interface VocabularyArrays {
  /** Concatenated UTF-8 of all ids. */
  readonly bytes: Uint8Array;
  /** Id of row r is bytes [offsets[r], offsets[r + 1]). Length size + 1. */
  readonly offsets: Uint32Array;
}

const encoder = new TextEncoder();

/** Converts the ids of a vocabulary to arrays. */
export function vocabularyToArrays(vocabulary: {
  readonly size: number;
  idOf(row: number): string;
}): VocabularyArrays {
  const ids: Uint8Array[] = [];
  const offsets = new Uint32Array(vocabulary.size + 1);
  for (let row = 0; row < vocabulary.size; row++) {
    ids.push(encoder.encode(vocabulary.idOf(row)));
    offsets[row + 1] = offsets[row] + ids[row].length;
  }
  const bytes = new Uint8Array(offsets[vocabulary.size]);
  for (const [row, id] of ids.entries()) bytes.set(id, offsets[row]);
  return { bytes, offsets };
}

const damaged = (expected: string, got: string): GatewayError =>
  new GatewayError(
    'ARTIFACT_DAMAGED',
    `Expected ${expected}; got ${got}. Train the model again; the last good artifact keeps serving.`,
  );

/**
 * Converts arrays back to ids in row order, for `vocabularyOf`.
 *
 * @throws {GatewayError} ARTIFACT_DAMAGED when the offsets do not split the bytes into distinct UTF-8 ids
 */
export function vocabularyFromArrays(bytes: Uint8Array, offsets: Uint32Array): readonly string[] {
  if (offsets.length === 0 || offsets[0] !== 0 || offsets[offsets.length - 1] !== bytes.length) {
    throw damaged(
      `offsets from 0 to ${bytes.length}`,
      `${offsets.length} of them, from ${offsets[0]} to ${offsets.at(-1)}`,
    );
  }
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const ids: string[] = [];
  for (let row = 0; row + 1 < offsets.length; row++) {
    if (offsets[row] > offsets[row + 1]) throw damaged('ascending offsets', `a step back at row ${row}`);
    try {
      ids.push(decoder.decode(bytes.subarray(offsets[row], offsets[row + 1])));
    } catch {
      throw damaged('UTF-8 ids', `malformed bytes at row ${row}`);
    }
  }
  if (new Set(ids).size !== ids.length) throw damaged('distinct ids', 'a repeated id');
  return ids;
}
