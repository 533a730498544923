import { GatewayError } from '../../domain/errors';
import type { Principal } from '../../domain/role';
import type { Shop } from '../../store/ports/shop';
import type { GraphqlServices } from './services';
import { createShopDirectory, type ShopDirectory } from './shopDirectory';

/** Creates a loader (a DataLoader, or a value read once) for one request. */
export type LoaderFactory<Loader> = (context: GraphqlContext) => Loader;

/** What resolvers know about the request. Frozen, so that no resolver can change who the caller is. */
export interface GraphqlContext {
  /** The caller. @throws {GatewayError} UNAUTHENTICATED when the request has no valid credential */
  readonly principal: Principal;
  readonly isAnonymous: boolean;
  readonly services: GraphqlServices;
  /** Returns the loader of this request that the factory creates, always the same one. Requests share no loaders. */
  readonly loader: <Loader>(create: LoaderFactory<Loader>) => Loader;
  /** The caller's shop. */
  readonly shop: () => Promise<Shop>;
  /** Instant of the request, milliseconds since the epoch. */
  readonly now: number;
  /** Identifies the request in logs and masked errors. */
  readonly requestId: string;
}

/** What a transport knows about a request. */
export interface RequestIdentity {
  readonly principal: Principal | null;
  /** Why there is no principal, when a credential was given. */
  readonly refusal: GatewayError | null;
  readonly requestId: string;
}

/** Creates the context of each request. */
export type ContextFactory = (identity: RequestIdentity) => GraphqlContext;

const noCredential = (): GatewayError =>
  new GatewayError(
    'UNAUTHENTICATED',
    'Expected a credential; got none. Send `Authorization: Bearer <token or API key>`.',
  );

function createContext(
  services: GraphqlServices,
  directory: ShopDirectory,
  identity: RequestIdentity,
): GraphqlContext {
  const caller = identity.principal === null ? null : Object.freeze({ ...identity.principal });
  const loaders = new Map<LoaderFactory<unknown>, unknown>();
  const principal = (): Principal => {
    if (caller === null) throw identity.refusal ?? noCredential();
    return caller;
  };
  // Apollo copies the context's own properties, which would call the getters and unfreeze the copy. So it has none:
  // all of them are on a frozen prototype.
  const context = Object.create(
    Object.freeze({
      get principal() {
        return principal();
      },
      isAnonymous: caller === null,
      services,
      loader<Loader>(create: LoaderFactory<Loader>): Loader {
        const loader = loaders.has(create) ? (loaders.get(create) as Loader) : create(context);
        loaders.set(create, loader);
        return loader;
      },
      shop: () => directory(principal().shopId),
      now: services.clock(),
      requestId: identity.requestId,
    } satisfies GraphqlContext),
  ) as GraphqlContext;
  return context;
}

/** Shops are cached between requests; everything else belongs to one request. */
export function createContextFactory(services: GraphqlServices): ContextFactory {
  const directory = createShopDirectory(services.stores.shops, services.clock);
  return identity => createContext(services, directory, identity);
}
