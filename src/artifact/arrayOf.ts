import { GatewayError } from '../domain/errors';
import type { Artifact, ArtifactArray } from './artifact';

const refuse = (artifact: Artifact, expected: string, got: string): GatewayError =>
  new GatewayError(
    'ARTIFACT_DAMAGED',
    `Expected ${expected} in the ${artifact.header.model} artifact; got ${got}. Train the model again.`,
    { model: artifact.header.model, expected, got },
  );

/** Returns the index of the first NaN or infinity, or -1. */
function firstNotFinite(array: ArtifactArray): number {
  if (array instanceof Float32Array) return array.findIndex(value => !Number.isFinite(value));
  if (array instanceof Float64Array) return array.findIndex(value => !Number.isFinite(value));
  return -1;
}

type ArrayClass<A extends ArtifactArray> = abstract new (length: number) => A;

/**
 * Returns an array of the artifact after checking its class, length and values.
 *
 * @param length - in elements; null: any length
 * @throws {GatewayError} ARTIFACT_DAMAGED when it is missing, of another class or length, or holds NaN or infinity
 */
export function arrayOf<A extends ArtifactArray>(
  artifact: Artifact,
  name: string,
  arrayClass: ArrayClass<A>,
  length: number | null,
): A {
  const array = artifact.arrays.get(name);
  if (!(array instanceof arrayClass)) throw refuse(artifact, `${arrayClass.name} ${name}`, typeof array);
  if (length !== null && array.length !== length)
    throw refuse(artifact, `${length} elements in ${name}`, `${array.length}`);
  const bad = firstNotFinite(array);
  if (bad >= 0) throw refuse(artifact, `finite numbers in ${name}`, `${array[bad]} at ${bad}`);
  return array;
}
