import type { ShopId, UserId } from '../../domain/ids';
import type { UserStore } from '../../store/ports/user';

/** Locales of shoppers, cached for ten seconds: every list needs one, and they rarely change. */
export interface LocaleDirectory {
  /** Returns the BCP 47 tag of a shopper's language; null when unknown, or when the store cannot be read. */
  of(shopId: ShopId, userId: UserId): Promise<string | null>;
  /** Clears the cache, so that the next calls read what was written. */
  forget(): void;
}

const cachedMs = 10_000;
/** Maximum number of cached locales. */
const maxCached = 20_000;

/** @param clock - milliseconds since the epoch */
export function createLocaleDirectory(
  users: Pick<UserStore, 'findMany'>,
  clock: () => number,
): LocaleDirectory {
  const cache = new Map<string, { readonly locale: Promise<string | null>; readonly until: number }>();

  async function read(shopId: ShopId, userId: UserId, key: string): Promise<string | null> {
    try {
      return (await users.findMany(shopId, [userId])).get(userId)?.locale ?? null;
    } catch {
      // Texts in the default language are better than none. The next request tries again.
      cache.delete(key);
      return null;
    }
  }

  return {
    of(shopId, userId) {
      const key = `${shopId}\0${userId}`;
      const entry = cache.get(key);
      if (entry !== undefined && entry.until > clock()) return entry.locale;
      const locale = read(shopId, userId, key);
      if (cache.size >= maxCached) cache.clear();
      cache.set(key, { locale, until: clock() + cachedMs });
      return locale;
    },
    forget: () => cache.clear(),
  };
}
