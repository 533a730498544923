declare const brand: unique symbol;
type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };

/** The tenant every row belongs to. */
export type ShopId = Branded<string, 'ShopId'>;
/** A shopper, by the shop's own id. */
export type UserId = Branded<string, 'UserId'>;
/** A product, by the shop's own id. */
export type ProductId = Branded<string, 'ProductId'>;
/** An event, by the client's own id: the key that makes a repeat count once. */
export type EventId = Branded<string, 'EventId'>;
/** A recommendation list that was shown (UUIDv7, made by Affinity). */
export type ListId = Branded<string, 'ListId'>;
/** A campaign, by the shop's own id. */
export type CampaignId = Branded<string, 'CampaignId'>;

/** Position of a user in a snapshot's vocabulary; meaningless outside that snapshot. */
export type UserRow = Branded<number, 'UserRow'>;
/** Position of a product in a snapshot's (or an artifact's) vocabulary; meaningless outside it. */
export type ProductRow = Branded<number, 'ProductRow'>;

/** Longest id accepted anywhere, in UTF-16 code units. */
export const maxIdLength = 256;

/** Names a string that was already checked (by intake or the store) as a shop's id. */
export const toShopId = (id: string): ShopId => id as ShopId;
/** Names a string that was already checked as a user's id. */
export const toUserId = (id: string): UserId => id as UserId;
/** Names a string that was already checked as a product's id. */
export const toProductId = (id: string): ProductId => id as ProductId;
/** Names a string that was already checked as an event's id. */
export const toEventId = (id: string): EventId => id as EventId;
/** Names a string that was already checked as a list's id. */
export const toListId = (id: string): ListId => id as ListId;
/** Names a string that was already checked as a campaign's id. */
export const toCampaignId = (id: string): CampaignId => id as CampaignId;
