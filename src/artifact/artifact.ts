/** Typed arrays that an artifact may hold. */
export type ArtifactArray =
  | Float32Array
  | Float64Array
  | Int32Array
  | Uint32Array
  | Uint16Array
  | Uint8Array
  | Int8Array;

/**
 * Metadata of an artifact. It holds no creation time and no personal data, so equal snapshot, settings and seed give
 * equal bytes.
 */
export interface ArtifactHeader {
  /** Name of its model in the registry. */
  readonly model: string;
  /** The settings it was trained with. */
  readonly config: Readonly<Record<string, string | number | boolean>>;
  readonly snapshotDigest: string;
  /** `asOf` of the snapshot, milliseconds since the epoch. */
  readonly asOf: number;
  readonly seed: number;
}

/** A trained model as data. */
export interface Artifact {
  readonly header: ArtifactHeader;
  readonly arrays: ReadonlyMap<string, ArtifactArray>;
}
