import { type AccessTable, admin } from '../access/access';

/** Roles that may select the fields of this folder's types. */
export const apiKeyAccess: AccessTable = {
  Query: { apiKeys: admin },
  Mutation: { apiKeyCreate: admin, apiKeyRevoke: admin },
  ApiKey: {
    keyId: admin,
    label: admin,
    role: admin,
    createdAt: admin,
    expiresAt: admin,
    revokedAt: admin,
    lastUsedAt: admin,
  },
  ApiKeyCreatePayload: { apiKey: admin, key: admin, userErrors: admin },
  ApiKeyRevokePayload: { revoked: admin, userErrors: admin },
};
