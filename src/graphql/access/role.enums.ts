import { type Role, roles } from '../../domain/role';
import { enumOf, inOrder } from '../enums/enumOf';

export const roleEnum = enumOf<Role>(
  'Role',
  'Who may call, from the least to the most. Each acts within one shop.',
  inOrder(roles, {
    SHOPPER: 'A shopper, for their own data only.',
    STOREFRONT: "The shop's own server, acting for any shopper it names: reads and tracks.",
    INGEST: 'A feed: writes events, products and users, reads nothing.',
    MERCHANDISER: 'Staff: reads the catalogue, users, lists, campaigns and models, and edits interest tags.',
    ADMIN: 'Staff: everything, API keys and training included.',
  }),
);
