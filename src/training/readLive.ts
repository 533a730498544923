import type { Artifact } from '../artifact/artifact';
import { decodeArtifact } from '../artifact/decode';
import { GatewayError } from '../domain/errors';
import type { ArtifactRecord, ArtifactStore } from '../store/ports/artifact';
import { sha256Of } from '../store/ports/sha256';

/**
 * Reads the live artifact. Returns null without one, or when it is damaged, so that its successor can be trained.
 *
 * @param use - converts the artifact; ARTIFACT_DAMAGED from it also counts as damaged
 * @throws {GatewayError} UNAVAILABLE
 */
export async function readLive<Use>(
  artifacts: Pick<ArtifactStore, 'read'>,
  record: ArtifactRecord | undefined,
  use: (artifact: Artifact) => Use,
): Promise<Use | null> {
  if (record === undefined) return null;
  try {
    return use(await decodeArtifact(await artifacts.read(record), sha256Of));
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'ARTIFACT_DAMAGED') return null;
    throw error;
  }
}
