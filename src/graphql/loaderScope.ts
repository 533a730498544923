import type { ShopId } from '../domain/ids';
import type { Shop } from '../store/ports/shop';
import type { GraphqlServices } from './services';

/** What a loader reads from. */
export interface LoaderScope {
  readonly services: GraphqlServices;
  readonly shopId: ShopId;
  readonly shop: () => Promise<Shop>;
}
