import type { Artifact, ArtifactArray } from '../../src/artifact/artifact';

function withArray(artifact: Artifact, name: string, array: ArtifactArray | null): Artifact {
  const arrays = new Map(artifact.arrays);
  if (array) arrays.set(name, array);
  else arrays.delete(name);
  return { ...artifact, arrays };
}

/**
 * Damages of an artifact, by description: each array missing (unless optional), one longer, of another class; each float array
 * with a NaN.
 */
export function damagesOf(
  artifact: Artifact,
  optional: readonly string[] = [],
): readonly (readonly [string, Artifact])[] {
  return [...artifact.arrays].flatMap(([name, array]) => {
    const longer = new (array.constructor as new (length: number) => ArtifactArray)(array.length + 1);
    longer.set(array);
    const other = array instanceof Int8Array ? new Uint16Array(array.length) : new Int8Array(array.length);
    const damages: [string, Artifact][] = [
      [`${name} longer`, withArray(artifact, name, longer)],
      [`${name} of another class`, withArray(artifact, name, other)],
    ];
    if (!optional.includes(name)) damages.push([`${name} missing`, withArray(artifact, name, null)]);
    if (array.length > 0 && (array instanceof Float32Array || array instanceof Float64Array)) {
      const poisoned = array.slice();
      poisoned[poisoned.length - 1] = Number.NaN;
      damages.push([`${name} with NaN`, withArray(artifact, name, poisoned)]);
    }
    return damages;
  });
}
