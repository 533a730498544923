import { readInterestTags } from '../insights/interestTags/reader';
import { saveInterests } from '../serving/interestTags/interestSaving';
import type { Stores } from '../store/ports/stores';
import type { Published } from '../training/learner';
import type { Config } from './config';

/** What saving beside an artifact needs. */
interface FollowUp {
  readonly stores: Stores;
  readonly config: Pick<Config, 'interestHalfLifeDays'>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** What else is saved of something published, by name of the insight. */
const followUps: ReadonlyMap<string, (published: Published, options: FollowUp) => Promise<void>> = new Map([
  [
    'interest-tags',
    ({ record, artifact, snapshot, readAt }, { stores, config, clock }) =>
      saveInterests(
        { stores, halfLifeDays: config.interestHalfLifeDays, clock },
        {
          shopId: record.shopId,
          version: record.version,
          tags: readInterestTags(artifact),
          snapshot,
          readAt,
        },
      ),
  ],
]);

/** Saves what belongs to a published artifact beside it; in the thread that trained. @throws {GatewayError} UNAVAILABLE */
export const followPublished =
  (options: FollowUp) =>
  async (published: Published): Promise<void> =>
    await followUps.get(published.record.model)?.(published, options);
