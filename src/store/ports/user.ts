import type { EventSpace } from '../../domain/eventKey';
import type { IdentityRefusal, RecordedIdentity, UserIdentity } from '../../domain/identity';
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

/** A visitor to merge into a shopper. */
export interface IdentifyRequest {
  readonly anonymousId: UserId;
  readonly userId: UserId;
  /** Spaces of the event ids that their own tokens send (domain/eventKey.ts). */
  readonly anonymousSpace: EventSpace;
  readonly userSpace: EventSpace;
  /** Credential that asks for the merge. */
  readonly identifiedBy: string;
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
  /**
   * Merges a visitor into a shopper in one commit: events, lists and consents (`joinConsents`) become the shopper's, and the
   * locale where the shopper has none. An event that both sent is kept once. Then the visitor is deactivated, which deletes
   * derived data, and the merge is recorded. Announces a `user` change for both. Repeating a merge changes nothing, except
   * that it moves what arrived for the visitor meanwhile.
   *
   * @returns the record, or why nothing was done
   */
  identify(shopId: ShopId, request: IdentifyRequest, now: number): Promise<UserIdentity | IdentityRefusal>;
  /** Returns which of the ids are of visitors who were merged into shoppers. */
  identifiedAmong(shopId: ShopId, ids: readonly UserId[]): Promise<ReadonlySet<UserId>>;
  /** All records of merges, by the id of the visitor, in batches; for export. */
  scanIdentities(shopId: ShopId): AsyncIterable<readonly RecordedIdentity[]>;
  /** Stores records of merges of an export. A record of the same visitor is kept as it is. */
  restoreIdentities(shopId: ShopId, identities: readonly RecordedIdentity[]): Promise<void>;
  /** By (createdAt, id) ascending. */
  page(shopId: ShopId, request: PageRequest): Promise<Page<User>>;
  count(shopId: ShopId): Promise<number>;
}
