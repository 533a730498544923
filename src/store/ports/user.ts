import type { ShopId, UserId } from '../../domain/ids';
import type { Consent, User } from '../../domain/user';
import type { Page, PageRequest } from './page';

/** A user to write; absent fields stay as they are (or take the default for a new row). */
export interface UserUpsert {
  readonly id: UserId;
  readonly locale?: string | null;
  readonly attributes?: User['attributes'];
  /** When set, tokens for this user are refused from then on; null lets them in again. */
  readonly deactivatedAt?: number | null;
  readonly consents?: readonly {
    readonly purpose: Consent['purpose'];
    readonly granted: boolean;
    readonly source: string | null;
  }[];
}

/** Shoppers. */
export interface UserStore {
  /**
   * Answers, per row, whether it was new; a described stub stops being one. All rows commit together. Announces a `user`
   * change of each who is shut out or withdraws PERSONALIZATION after the commit, and removes what they were said to be into
   * and to do next with it; whatever erases a user must do both, too.
   */
  upsertMany(
    shopId: ShopId,
    users: readonly UserUpsert[],
    now: number,
  ): Promise<readonly ('created' | 'updated')[]>;
  findMany(shopId: ShopId, ids: readonly UserId[]): Promise<ReadonlyMap<UserId, User>>;
  consentsOf(shopId: ShopId, ids: readonly UserId[]): Promise<ReadonlyMap<UserId, readonly Consent[]>>;
  /** By (createdAt, id) ascending. */
  page(shopId: ShopId, request: PageRequest): Promise<Page<User>>;
  count(shopId: ShopId): Promise<number>;
}
