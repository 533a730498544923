import type { Campaign, CampaignContact, CampaignOutcome, Offer } from '../../../domain/campaign';
import { eventIdAndSpaceOf } from '../../../domain/eventKey';
import type { RecordedIdentity } from '../../../domain/identity';
import type { Interaction } from '../../../domain/interaction';
import type { InterestTagRecord } from '../../../domain/interest';
import type { Product } from '../../../domain/product';
import { defaultShopPolicy, policyKeys, policyValueOf } from '../../../domain/shopPolicy';
import type { Follow, SocialPost, SocialReaction } from '../../../domain/social';
import type { Consent, User } from '../../../domain/user';
import type { Shop } from '../../../store/ports/shop';

const timeOf = (milliseconds: number): string => new Date(milliseconds).toISOString();

const timeOrNull = (milliseconds: number | null): string | null =>
  milliseconds === null ? null : timeOf(milliseconds);

/** Sorts the keys of an object, as their order depends on the store. */
function sorted<Value>(record: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(record).sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** Sorts the keys of an object and of those within, as their order depends on the store. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  return sorted(Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, inOrder(inner)])));
}

/** The shop without its id, with the settings that differ from their defaults. */
export function shopLine({ name, defaultLocale, currency, policy }: Shop): object {
  const settings = policyKeys
    .map(key => [key, policyValueOf(policy, key)] as const)
    .filter(([key, value]) => value !== policyValueOf(defaultShopPolicy, key));
  return { kind: 'shop', name, defaultLocale, currency, policy: Object.fromEntries(settings) };
}

/** @param shopCurrency - given to prices without a currency of their own; null leaves them without */
export function productLine(product: Product, shopCurrency: string | null): object {
  const { id, title, description, locale, categoryPath, tags, priceMinor, stock, imageUrl, isActive } =
    product;
  const currency = product.currency ?? (priceMinor === null ? null : shopCurrency);
  const createdAt = timeOf(product.createdAt);
  const translations = sorted(product.translations);
  const attributes = sorted(product.attributes);
  const words = { title, description, locale, translations, categoryPath, tags };
  const facts = { priceMinor, currency, stock, imageUrl, attributes, isActive };
  return { kind: 'product', id, ...words, ...facts, createdAt };
}

/** A user with their consents. */
export function userLine(user: User, consents: readonly Consent[]): object {
  const { id, locale, attributes, deactivatedAt } = user;
  const answers = consents.map(({ purpose, granted, source, updatedAt }) => ({
    purpose,
    granted,
    source,
    updatedAt: timeOf(updatedAt),
  }));
  answers.sort((left, right) => (left.purpose < right.purpose ? -1 : 1));
  return {
    kind: 'user',
    id,
    locale,
    attributes: sorted(attributes),
    consents: answers,
    createdAt: timeOf(user.createdAt),
    ...(deactivatedAt !== null && { deactivatedAt: timeOf(deactivatedAt) }),
  };
}

/** Null fields are omitted, as most events have few fields. */
export function eventLine(event: Interaction): object {
  const { userId, productId, type, value, priceMinor, queryText, sessionId, attribution } = event;
  const { eventId: id, space: sender } = eventIdAndSpaceOf(event.id);
  const optional = { productId, value, priceMinor, queryText, sessionId, attribution, sender };
  const present = Object.entries(optional).filter(([, field]) => field !== null);
  return {
    kind: 'event',
    id,
    userId,
    type,
    ...Object.fromEntries(present),
    occurredAt: timeOf(event.occurredAt),
    receivedAt: timeOf(event.receivedAt),
  };
}

/** The record of a merge of a visitor into a shopper. */
export function identityLine(identity: RecordedIdentity): object {
  const { anonymousId, userId, identifiedBy, mergedEvents, mergedLists } = identity;
  const identifiedAt = timeOf(identity.identifiedAt);
  return { kind: 'identity', anonymousId, userId, identifiedBy, mergedEvents, mergedLists, identifiedAt };
}

/** A campaign without its offers, contacts and outcomes. */
export function campaignLine(campaign: Campaign): object {
  const { id, name, status, channel, budgetMinor, holdoutRate, startsAt, endsAt } = campaign;
  const days = { startsAt: timeOrNull(startsAt), endsAt: timeOrNull(endsAt) };
  const written = { createdAt: timeOf(campaign.createdAt), updatedAt: timeOf(campaign.updatedAt) };
  const { objective, channels, frequencyCap, quietHours, sendingWindows, attributionWindowDays } = campaign;
  const sending = { frequencyCap, quietHours, sendingWindows, attributionWindowDays };
  const settings = inOrder({ objective, channels, ...sending, audience: campaign.audience });
  const fields = { id, name, status, channel, budgetMinor, holdoutRate, ...days, ...written };
  return { kind: 'campaign', ...fields, settings };
}

/** An offer of a campaign. */
export function offerLine(offer: Offer): object {
  const { id, campaignId, title, discountRate, discountMinor, productIds, costMinor } = offer;
  const { kind, categories, points } = offer;
  const described = { id, campaignId, title, discountRate, discountMinor, productIds, costMinor };
  return { kind: 'offer', ...described, terms: { kind, categories, points } };
}

/** A contact of a campaign. */
export function contactLine(contact: CampaignContact): object {
  const { campaignId, userId, offerId, arm, propensity } = contact;
  const contactedAt = timeOf(contact.contactedAt);
  return { kind: 'contact', campaignId, userId, offerId, arm, propensity, contactedAt };
}

/** An outcome of a campaign. */
export function outcomeLine(outcome: CampaignOutcome): object {
  const { id, campaignId, userId, type, valueMinor } = outcome;
  const occurredAt = timeOf(outcome.occurredAt);
  return { kind: 'outcome', id, campaignId, userId, type, valueMinor, occurredAt };
}

/** A post. */
export function postLine({ id, authorId, body, locale, productIds, occurredAt }: SocialPost): object {
  return { kind: 'post', id, authorId, body, locale, productIds, occurredAt: timeOf(occurredAt) };
}

/** A reaction to a post. */
export function reactionLine({ id, postId, userId, type, body, occurredAt }: SocialReaction): object {
  return { kind: 'reaction', id, postId, userId, type, body, occurredAt: timeOf(occurredAt) };
}

/** One shopper follows another. */
export function followLine({ followerId, followeeId, occurredAt }: Follow): object {
  return { kind: 'follow', followerId, followeeId, occurredAt: timeOf(occurredAt) };
}

/** An interest tag as it was learned, with the edits of merchandisers. */
export function interestTagLine(tag: InterestTagRecord): object {
  const { id, parentId, terms, products, isHidden, isPinned, mergedIntoId, isActive, modelVersion } = tag;
  const names = { names: sorted(tag.names), nameEdits: sorted(tag.nameEdits) };
  const state = { products, isHidden, isPinned, mergedIntoId, isActive, modelVersion };
  const written = { createdAt: timeOf(tag.createdAt), updatedAt: timeOf(tag.updatedAt) };
  return { kind: 'interestTag', id, parentId, ...names, terms, ...state, ...written };
}
