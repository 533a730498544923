import type { Artifact } from '../../artifact/artifact';
import { GatewayError } from '../../domain/errors';
import type { InterestTags } from './tags';

/**
 * The tags of an artifact of `interest-tags`.
 *
 * @throws {GatewayError} ARTIFACT_DAMAGED when arrays are missing, of a wrong length, or do not fit together
 */
export function readInterestTags(artifact: Artifact): InterestTags {
  throw new GatewayError(
    'ARTIFACT_DAMAGED',
    'Expected the reader of interest tags to be written; got a stub. Update the gateway.',
    { model: artifact.header.model },
  );
}
