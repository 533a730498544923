import type { ShopId } from '../domain/ids';
import type { Stores } from '../store/ports/stores';
import type { TrainingJob } from '../store/ports/trainingQueue';
import { type QueueOptions, queueReadyModels } from './queueJobs';

/** Returns whether a shop has events, but no live model or insight. @throws {GatewayError} UNAVAILABLE */
export async function isUntrained(
  { artifacts, interactions }: Pick<Stores, 'artifacts' | 'interactions'>,
  shopId: ShopId,
): Promise<boolean> {
  return (await artifacts.liveOf(shopId)).length === 0 && (await interactions.count(shopId)) > 0;
}

/** Options of {@link queueFirstModels}. */
export interface FirstModelsOptions extends QueueOptions {
  readonly stores: QueueOptions['stores'] & Pick<Stores, 'artifacts' | 'locks'>;
}

/** Name of the lock under which the jobs of a shop are queued. */
export const queueLockOf = (shopId: ShopId): string => `training jobs of ${shopId}`;

/**
 * Queues the first trainings of a shop without models. Of several workers that call it at once, one queues them.
 *
 * @returns the jobs that this call queued
 * @throws {GatewayError} UNAVAILABLE
 */
export async function queueFirstModels(options: FirstModelsOptions): Promise<readonly TrainingJob[]> {
  const { stores, shopId } = options;
  if (!(await isUntrained(stores, shopId))) return [];
  return await stores.locks.hold(queueLockOf(shopId), async () =>
    // Another worker may have trained the shop while this one waited.
    (await isUntrained(stores, shopId)) ? await queueReadyModels(options) : [],
  );
}
