import { GatewayError } from '../domain/errors';
import type { ShopId } from '../domain/ids';
import type { ArtifactRecord, ArtifactStore } from '../store/ports/artifact';

async function isDamaged(artifacts: Pick<ArtifactStore, 'verify'>, record: ArtifactRecord): Promise<boolean> {
  try {
    await artifacts.verify(record);
    return false;
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'ARTIFACT_DAMAGED') return true;
    throw error;
  }
}

/** Returns the live artifacts of a shop whose stored bytes do not match their checksum. @throws {GatewayError} UNAVAILABLE */
export async function damagedArtifacts(
  artifacts: Pick<ArtifactStore, 'liveOf' | 'verify'>,
  shopId: ShopId,
): Promise<readonly ArtifactRecord[]> {
  const damaged: ArtifactRecord[] = [];
  for (const record of await artifacts.liveOf(shopId)) {
    if (await isDamaged(artifacts, record)) damaged.push(record);
  }
  return damaged;
}
