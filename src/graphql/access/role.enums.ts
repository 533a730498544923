import { type Role, roles } from '../../domain/role';
import { enumOf, inOrder } from '../enums/enumOf';

export const roleEnum = enumOf<Role>(
  'Role',
  'Role of a credential, with increasing permissions. Each role acts within one shop.',
  inOrder(roles, {
    SHOPPER: 'A shopper, who may access their own data only.',
    STOREFRONT: "The shop's own server. It reads and tracks for any shopper that it names.",
    INGEST: 'A data feed. It writes events, products and users, and reads nothing.',
    MERCHANDISER:
      'Staff who read the catalogue, users, lists, campaigns and models, and edit interest tags and campaigns.',
    ADMIN: 'Staff who may do everything, including API keys and training.',
  }),
);
