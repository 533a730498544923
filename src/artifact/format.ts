// The bytes of an artifact, all integers little-endian:
//   0  8 bytes   magic "AFFINITY"
//   8  uint32    format version
//  12  uint32    length of the JSON that follows the preamble, in bytes
//  16  float64   length of the artifact, in bytes
//  24  JSON      { header, arrays: [{ name, type, offset, length }] }, offsets from the start of the artifact
//      arrays    each at a multiple of 16, in the order of the JSON; gaps are zero
//      32 bytes  SHA-256 of everything before
// Arrays are stored as in memory, so that little-endian machines (all platforms of Node except s390x) use them in place.
import type { ArtifactArray, ArtifactHeader } from './artifact';

export const magic = 'AFFINITY';
export const formatVersion = 1;
export const preambleLength = 24;
export const checksumLength = 32;
export const alignment = 16;

const constructors = {
  Float32Array,
  Float64Array,
  Int32Array,
  Uint32Array,
  Uint16Array,
  Uint8Array,
  Int8Array,
} as const;

/** Name of a typed-array class that an artifact may hold. */
export type ArrayTypeName = keyof typeof constructors;

/** Returns the class of that name, or undefined, as names come from files. */
export const arrayClassOf = (name: string): (typeof constructors)[ArrayTypeName] | undefined =>
  new Map(Object.entries(constructors)).get(name);

/** The position of one array. */
export interface ArraySection {
  readonly name: string;
  readonly type: string;
  /** In bytes from the start of the artifact. */
  readonly offset: number;
  /** In elements. */
  readonly length: number;
}

/** The JSON part of an artifact. */
export interface ArtifactLayout {
  readonly header: ArtifactHeader;
  readonly arrays: readonly ArraySection[];
}

/** Rounds up to a multiple of the alignment. */
export const aligned = (offset: number): number => Math.ceil(offset / alignment) * alignment;

/** Returns the class name of an array, as stored in the layout. */
export const typeNameOf = (array: ArtifactArray): string => array.constructor.name;
