import type { ShopId } from '../../domain/ids';
import type { PolicyChange, PolicyProblem, ShopPolicy } from '../../domain/shopPolicy';

/** What a tenant is called and speaks. */
export interface ShopDescription {
  readonly id: ShopId;
  readonly name: string;
  /** BCP 47. */
  readonly defaultLocale: string;
  /** ISO 4217. */
  readonly currency: string;
}

/** A tenant. */
export interface Shop extends ShopDescription {
  readonly policy: ShopPolicy;
  /** Stored settings that are out of their range and therefore at their defaults; empty unless written by other means. */
  readonly policyProblems: readonly PolicyProblem[];
}

/** Tenants. */
export interface ShopStore {
  find(shopId: ShopId): Promise<Shop | null>;
  /** Makes a shop with the default policy, or describes a known one anew: its policy stays. Announces a `shop` change. */
  upsert(shop: ShopDescription): Promise<void>;
  /**
   * Changes some settings of a shop's policy and leaves the others as they are, also under concurrent changes. Announces a
   * `shop` change.
   *
   * @param change - checked with `problemsOfChange`; null resets a setting
   * @returns the whole policy after the change; null where there is no such shop
   * @throws {GatewayError} UNAVAILABLE
   */
  changePolicy(shopId: ShopId, change: PolicyChange): Promise<ShopPolicy | null>;
  /** By id. */
  list(): Promise<readonly Shop[]>;
}
