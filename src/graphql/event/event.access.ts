import { type AccessTable, shopperSide, trackers } from '../access/access';

/** Roles that may select the fields of this folder's types. */
export const eventAccess: AccessTable = {
  Mutation: { eventsTrack: trackers },
  EventsTrackPayload: {
    accepted: trackers,
    duplicates: trackers,
    rejected: trackers,
    results: trackers,
    retryAfterSeconds: trackers,
    userErrors: trackers,
    viewer: shopperSide,
  },
  EventResult: trackers,
};
