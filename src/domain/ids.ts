declare const brand: unique symbol;
type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };

/** Id of the tenant; every row belongs to one. */
export type ShopId = Branded<string, 'ShopId'>;
/** The shop's own id of a shopper. */
export type UserId = Branded<string, 'UserId'>;
/** The shop's own id of a product. */
export type ProductId = Branded<string, 'ProductId'>;
/** Key of an event: the client's id in the space of its sender (domain/eventKey.ts). Repeated events with one key count once. */
export type EventId = Branded<string, 'EventId'>;
/** Id of a recommendation list that was shown (UUIDv7, created by Affinity). */
export type ListId = Branded<string, 'ListId'>;
/** The shop's own id of a campaign. */
export type CampaignId = Branded<string, 'CampaignId'>;

/** Position of a user in a snapshot's vocabulary; valid only within that snapshot. */
export type UserRow = Branded<number, 'UserRow'>;
/** Position of a product in the vocabulary of a snapshot or an artifact; valid only within it. */
export type ProductRow = Branded<number, 'ProductRow'>;

/** Maximum length of an id, in UTF-16 code units. */
export const maxIdLength = 256;

/** Types a string as a shop's id. The caller (intake or the store) has checked it. */
export const toShopId = (id: string): ShopId => id as ShopId;
/** Types a checked string as a user's id. */
export const toUserId = (id: string): UserId => id as UserId;
/** Types a checked string as a product's id. */
export const toProductId = (id: string): ProductId => id as ProductId;
/** Types a checked string as an event's id. */
export const toEventId = (id: string): EventId => id as EventId;
/** Types a checked string as a list's id. */
export const toListId = (id: string): ListId => id as ListId;
/** Types a checked string as a campaign's id. */
export const toCampaignId = (id: string): CampaignId => id as CampaignId;
