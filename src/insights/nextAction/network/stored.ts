import { arrayOf } from '../../../artifact/arrayOf';
import type { Artifact, ArtifactArray } from '../../../artifact/artifact';
import type { NetworkWeights } from './forward';
import { bucketCount, weightPlaces } from './shape';

/** The arrays of an artifact that hold a network. */
export const networkArrays = ({
  shape: { isLstm, columns, categories },
  weights,
  buckets,
}: NetworkWeights): readonly (readonly [string, ArtifactArray])[] => [
  ['network/shape', Float64Array.of(Number(isLstm), columns, categories)],
  ['network/weights', weights],
  ['network/minuteEdges', buckets.edges],
  ['network/minuteMeans', buckets.means],
];

/**
 * The network that {@link networkArrays} wrote.
 *
 * @param types - how many types of events it was trained with
 * @throws {GatewayError} ARTIFACT_DAMAGED when arrays are missing, of a wrong length, or not finite
 */
export function networkOf(artifact: Artifact, types: number): NetworkWeights {
  const [isLstm, columns, categories] = arrayOf(artifact, 'network/shape', Float64Array, 3);
  const shape = { isLstm: isLstm === 1, columns, types, categories };
  return {
    shape,
    weights: arrayOf(artifact, 'network/weights', Float32Array, weightPlaces(shape).length),
    buckets: {
      edges: arrayOf(artifact, 'network/minuteEdges', Float32Array, bucketCount - 1),
      means: arrayOf(artifact, 'network/minuteMeans', Float32Array, bucketCount),
    },
  };
}
