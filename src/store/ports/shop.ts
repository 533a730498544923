import type { ShopId } from '../../domain/ids';
import type { PolicyChange, PolicyProblem, ShopPolicy } from '../../domain/shopPolicy';

/** Name, language and currency of a shop. */
export interface ShopDescription {
  readonly id: ShopId;
  readonly name: string;
  /** BCP 47 tag. */
  readonly defaultLocale: string;
  /** ISO 4217 code. */
  readonly currency: string;
}

/** A shop: one tenant of the gateway. */
export interface Shop extends ShopDescription {
  readonly policy: ShopPolicy;
  /** Stored settings that are out of range, so that their defaults apply. Empty unless another program wrote them. */
  readonly policyProblems: readonly PolicyProblem[];
}

/** Stores shops. */
export interface ShopStore {
  find(shopId: ShopId): Promise<Shop | null>;
  /** Creates a shop with the default policy, or updates the description of a shop. Announces a `shop` change. */
  upsert(shop: ShopDescription): Promise<void>;
  /**
   * Changes some settings of a shop's policy and leaves the others as they are, also under concurrent changes. Announces a
   * `shop` change.
   *
   * @param change - checked with `problemsOfChange`; null resets a setting
   * @returns the whole policy after the change; null when there is no such shop
   * @throws {GatewayError} UNAVAILABLE
   */
  changePolicy(shopId: ShopId, change: PolicyChange): Promise<ShopPolicy | null>;
  /** By id. */
  list(): Promise<readonly Shop[]>;
}
