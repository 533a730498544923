import type { ShopId, UserId } from '../../domain/ids';
import type { Consent, ConsentPurpose, ShopperRights, User } from '../../domain/user';
import type { Page, PageRequest } from './page';

/** A user to write. Absent fields stay as they are, or have the default of a new row. */
export interface UserUpsert {
  readonly id: UserId;
  readonly locale?: string | null;
  readonly attributes?: User['attributes'];
  /** When set, tokens of this user are refused from then on. Null reactivates the user. */
  readonly deactivatedAt?: number | null;
  /** Set by the import of an export. */
  readonly createdAt?: number;
  readonly consents?: readonly {
    readonly purpose: Consent['purpose'];
    readonly granted: boolean;
    readonly source: string | null;
    /** Set by the import of an export; the time of the write by default. */
    readonly updatedAt?: number;
  }[];
}

/** Stores users. */
export interface UserStore {
  /**
   * Writes users in one commit, and returns per row whether it is new. A stub that is described is no longer a stub. For
   * each user who is deactivated or withdraws PERSONALIZATION, it deletes their interests, predictions and lists in the
   * same commit and then announces a `user` change. Every operation that erases a user must do both.
   */
  upsertMany(
    shopId: ShopId,
    users: readonly UserUpsert[],
    now: number,
  ): Promise<readonly ('created' | 'updated')[]>;
  findMany(shopId: ShopId, ids: readonly UserId[]): Promise<ReadonlyMap<UserId, User>>;
  consentsOf(shopId: ShopId, ids: readonly UserId[]): Promise<ReadonlyMap<UserId, readonly Consent[]>>;
  /** What may be done with the data of users. Unknown users, and users who never restricted anything, may be absent. */
  rightsOf(shopId: ShopId, ids: readonly UserId[]): Promise<ReadonlyMap<UserId, ShopperRights>>;
  /** The users who withdrew consent for a purpose. */
  withholding(shopId: ShopId, purpose: ConsentPurpose): Promise<ReadonlySet<UserId>>;
  /** By (createdAt, id) ascending. */
  page(shopId: ShopId, request: PageRequest): Promise<Page<User>>;
  count(shopId: ShopId): Promise<number>;
}
