import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** Addresses that end a subscription. They hold an opaque id and its signature, and nothing about a person. */
export interface UnsubscribeLinks {
  /** Returns the path of an id; null where no secret is configured. */
  pathOf(linkId: string): string | null;
  /** Returns the id of a path's last part; null unless {@link pathOf} made it with the same secret. */
  idOf(token: string): string | null;
}

/** Path below which the addresses are. */
export const unsubscribePath = '/unsubscribe';

const keyBytes = 32;
const idPattern = /^[A-Za-z0-9-]{1,64}$/;

/**
 * Creates the addresses of a secret. Their key is derived from it (HKDF, RFC 5869), so that no signature says anything about
 * tokens that the same secret signs. Ids are signed with HMAC-SHA256.
 *
 * @param secret - null: there are no addresses
 */
export function createUnsubscribeLinks(secret: string | null): UnsubscribeLinks {
  if (secret === null) return { pathOf: () => null, idOf: () => null };
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'affinity unsubscribe 1', keyBytes));
  const signatureOf = (linkId: string): string =>
    createHmac('sha256', key).update(linkId).digest('base64url');
  return {
    pathOf: linkId => `${unsubscribePath}/${linkId}.${signatureOf(linkId)}`,
    idOf(token) {
      const [linkId, signature, ...rest] = token.split('.');
      if (signature === undefined || rest.length > 0 || !idPattern.test(linkId)) return null;
      const [given, expected] = [signature, signatureOf(linkId)].map(text => Buffer.from(text));
      return given.length === expected.length && timingSafeEqual(given, expected) ? linkId : null;
    },
  };
}
