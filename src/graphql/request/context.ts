import type { UserId } from '../../domain/ids';
import type { Principal } from '../../domain/role';
import type { Shop } from '../../store/ports/shop';
import { createLocaleDirectory, type LocaleDirectory } from './localeDirectory';
import type { GraphqlServices } from './services';
import { createShopDirectory, type ShopDirectory } from './shopDirectory';

/** Creates a loader (a DataLoader, or a value read once) for one request. */
export type LoaderFactory<Loader> = (context: GraphqlContext) => Loader;

/** What resolvers know about the request. Frozen, so that no resolver can change who the caller is. */
export interface GraphqlContext {
  /** The caller. Transports refuse requests without a valid credential before they make a context. */
  readonly principal: Principal;
  readonly services: GraphqlServices;
  /** Returns the loader of this request that the factory creates, always the same one. Requests share no loaders. */
  readonly loader: <Loader>(create: LoaderFactory<Loader>) => Loader;
  /** Clears the loaders. Called around each mutation, so that the fields after it read what it wrote. */
  readonly forgetReads: () => void;
  /** The caller's shop. */
  readonly shop: () => Promise<Shop>;
  /** Clears the cache of `localeOf`. Call it after a write of users. */
  readonly forgetLocales: () => void;
  /** BCP 47 tag of a shopper's language; that of the shop for null, and for a shopper without a language. */
  readonly localeOf: (userId: UserId | null) => Promise<string>;
  /** Instant of the request, milliseconds since the epoch. */
  readonly now: number;
  /** Identifies the request in logs and masked errors. */
  readonly requestId: string;
}

/** What a transport knows about a request. */
export interface RequestIdentity {
  readonly principal: Principal;
  readonly requestId: string;
}

/** Creates the context of each request. */
export type ContextFactory = (identity: RequestIdentity) => GraphqlContext;

interface Directories {
  readonly shops: ShopDirectory;
  readonly locales: LocaleDirectory;
}

function createContext(
  services: GraphqlServices,
  { shops, locales }: Directories,
  identity: RequestIdentity,
): GraphqlContext {
  const principal = Object.freeze({ ...identity.principal });
  const { shopId } = principal;
  const loaders = new Map<LoaderFactory<unknown>, unknown>();
  // Apollo copies the context's own properties, which would unfreeze the copy. So it has none: all of them are on a
  // frozen prototype.
  const context = Object.create(
    Object.freeze({
      principal,
      services,
      loader<Loader>(create: LoaderFactory<Loader>): Loader {
        const loader = loaders.has(create) ? (loaders.get(create) as Loader) : create(context);
        loaders.set(create, loader);
        return loader;
      },
      forgetReads: () => loaders.clear(),
      forgetLocales: () => locales.forget(),
      shop: () => shops(shopId),
      async localeOf(userId) {
        const locale = userId === null ? null : await locales.of(shopId, userId);
        return locale ?? (await shops(shopId)).defaultLocale;
      },
      now: services.clock(),
      requestId: identity.requestId,
    } satisfies GraphqlContext),
  ) as GraphqlContext;
  return context;
}

/** Shops and the locales of shoppers are cached between requests; everything else belongs to one request. */
export function createContextFactory(services: GraphqlServices): ContextFactory {
  const { stores, clock } = services;
  const directories = {
    shops: createShopDirectory(stores.shops, clock),
    locales: createLocaleDirectory(stores.users, clock),
  };
  return identity => createContext(services, directories, identity);
}
