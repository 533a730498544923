import type { Stores } from '../store/ports';
import type { Published } from '../training/learner';

/** What else is saved of something published, by name of the insight. */
const followUps: ReadonlyMap<string, (published: Published, stores: Stores) => Promise<void>> = new Map();

/** Saves what belongs to a published artifact beside it; in the thread that trained. @throws {GatewayError} UNAVAILABLE */
export const followPublished =
  (stores: Stores) =>
  async (published: Published): Promise<void> =>
    await followUps.get(published.record.model)?.(published, stores);
