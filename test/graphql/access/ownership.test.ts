import { toShopId, toUserId } from '../../../src/domain/ids';
import type { Principal, Role } from '../../../src/domain/role';
import { actingUserId } from '../../../src/graphql/access/ownership';

const anna = toUserId('anna');
const principalOf = (role: Role): Principal => ({
  shopId: toShopId('demo'),
  role,
  userId: role === 'SHOPPER' ? anna : null,
  credentialId: 'key',
});

describe('actingUserId', () => {
  it.each(['STOREFRONT', 'INGEST', 'ADMIN'] as const)('lets %s name any user', role => {
    expect(actingUserId(principalOf(role), 'ben')).toBe('ben');
  });

  it('lets a SHOPPER name only the user of the credential', () => {
    expect(actingUserId(principalOf('SHOPPER'), 'anna')).toBe(anna);
    expect(() => actingUserId(principalOf('SHOPPER'), 'ben')).toThrow(
      expect.objectContaining({
        code: 'FORBIDDEN',
        message:
          'Expected `userId` to be the user of the credential; got another user. Omit `userId`, or use a STOREFRONT credential.',
      }),
    );
  });

  it('refuses a MERCHANDISER that names a user, with the roles that may', () => {
    expect(() => actingUserId(principalOf('MERCHANDISER'), 'anna')).toThrow(
      expect.objectContaining({
        code: 'FORBIDDEN',
        message:
          'Expected a SHOPPER, STOREFRONT, INGEST or ADMIN credential with `userId`; got MERCHANDISER. Use a STOREFRONT credential.',
      }),
    );
  });

  it.each([null, undefined])('returns the user of the credential for %p', named => {
    expect(actingUserId(principalOf('SHOPPER'), named)).toBe(anna);
    expect(actingUserId(principalOf('MERCHANDISER'), named)).toBeNull();
  });
});
