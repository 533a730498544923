import type { Artifact } from '../artifact/artifact';
import { decodeArtifact } from '../artifact/decode';
import { GatewayError } from '../domain/errors';
import type { ArtifactRecord, ArtifactStore } from '../store/ports/artifact';

/**
 * What serves now, or null when nothing does or it does not read: a damaged artifact must not stop its successor.
 *
 * @param use - makes of the artifact what is wanted; ARTIFACT_DAMAGED from it counts as unreadable, too
 * @throws {GatewayError} UNAVAILABLE
 */
export async function readLive<Use>(
  artifacts: Pick<ArtifactStore, 'read'>,
  record: ArtifactRecord | undefined,
  use: (artifact: Artifact) => Use,
): Promise<Use | null> {
  if (record === undefined) return null;
  try {
    return use(await decodeArtifact(await artifacts.read(record)));
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'ARTIFACT_DAMAGED') return null;
    throw error;
  }
}
