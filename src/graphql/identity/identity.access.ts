import type { AccessRule, AccessTable } from '../access/access';

/** Servers only: a shopper who could name two users could take over another shopper's history. */
const servers: AccessRule = ['STOREFRONT', 'INGEST', 'ADMIN'];

/** Roles that may select the fields of this folder's types. */
export const identityAccess: AccessTable = {
  Mutation: { userIdentify: servers },
  UserIdentity: servers,
  UserIdentifyPayload: servers,
};
