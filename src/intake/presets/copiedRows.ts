import { campaignArms, campaignChannels, campaignStatuses, outcomeTypes } from '../../domain/campaign';
import { type ShopId, toCampaignId, toProductId, toUserId } from '../../domain/ids';
import { reactionTypes } from '../../domain/social';
import { readCampaignSettings, readOfferTerms } from '../campaignSettings';
import { Fields, maxInt32 } from '../fields';
import type { Problem } from '../rejections';
import { parseInstant } from '../time';
import type { ImportContext, RowSink } from './preset';

/** Reads the fields of a row; returns how it is given to a sink when no field had a problem. */
type ReadCopy = (fields: Fields, shopId: ShopId) => (sink: RowSink) => void;

interface Copy {
  readonly names: ReadonlySet<string>;
  readonly read: ReadCopy;
}

const maxListLength = 100_000;
const maxTextLength = 100_000;
const maxNameLength = 1_000;
const maxLanguages = 64;

const copyOf = (names: readonly string[], read: ReadCopy): Copy => ({ names: new Set(names), read });

function optionalInstant(fields: Fields, name: string): number | null {
  const value = fields.value(name);
  if (value === undefined || value === null) return null;
  const instant = typeof value === 'string' ? parseInstant(value) : Number.NaN;
  if (!Number.isNaN(instant)) return instant;
  const remedy = 'Leave the field as exported.';
  return fields.fail('TIME_INVALID', name, 'an ISO 8601 instant with a zone', remedy);
}

function instant(fields: Fields, name: string): number {
  const found = optionalInstant(fields, name);
  if (found === null) fields.fail('TIME_INVALID', name, 'an instant', 'Leave the field as exported.');
  return found ?? 0;
}

function required(fields: Fields, name: string): boolean {
  const found = fields.boolean(name);
  if (found === null) fields.fail('BOOLEAN_EXPECTED', name, 'true or false', 'Leave the field as exported.');
  return found ?? false;
}

/** Reads one of a list of words. A row with another word is not given, so that the first stands for it. */
const oneOf = <Word extends string>(fields: Fields, name: string, words: readonly Word[]): Word =>
  fields.choice(name, words, 'CHOICE_UNKNOWN') ?? words[0];

const text = (fields: Fields, name: string): string => fields.text(name, maxTextLength) ?? '';

/** Reads text that may be empty or absent, which are not the same. */
const optionalText = (fields: Fields, name: string): string | null =>
  fields.value(name) === '' ? '' : fields.text(name, maxTextLength);

const share = (fields: Fields, name: string): number | null => fields.number(name, { min: 0, max: 1 });

const whole = (fields: Fields, name: string): number | null =>
  fields.number(name, { min: -maxInt32, max: maxInt32, whole: true });

const count = (fields: Fields, name: string): number =>
  fields.number(name, { min: 0, max: maxInt32, whole: true }) ?? 0;

const productIds = (fields: Fields) => fields.texts('productIds', maxListLength, 256).map(toProductId);

/** Reads an object from language codes to texts. */
function namesOf(fields: Fields, name: string): Readonly<Record<string, string>> {
  const inner = new Fields(fields.value(name), name);
  const languages = inner.problem ? [] : Object.keys(Object(fields.value(name)));
  if (languages.length > maxLanguages)
    fields.fail('LIST_TOO_LONG', name, `at most ${maxLanguages} languages`, 'Leave some out.');
  const names = languages.map(language => [language, inner.text(language, maxNameLength) ?? ''] as const);
  fields.adopt(inner.problem);
  return Object.fromEntries(names);
}

/** Reads a nested object, which older exports do not have. */
function optionalObject<Value extends object>(
  fields: Fields,
  name: string,
  read: (value: unknown) => Value | null,
): Value | Record<string, never> {
  const value = fields.value(name);
  if (value === undefined) return {};
  const found = read(value);
  if (found === null)
    fields.fail(
      'NOT_AN_OBJECT',
      name,
      'an object with the values of an export',
      'Leave the field as exported.',
    );
  return found ?? {};
}

const campaign = copyOf(
  [
    ...['id', 'name', 'status', 'channel', 'budgetMinor', 'holdoutRate'],
    ...['startsAt', 'endsAt', 'createdAt', 'updatedAt', 'settings'],
  ],
  (fields, shopId) => {
    const row = {
      shopId,
      id: toCampaignId(fields.id('id')),
      name: text(fields, 'name'),
      status: oneOf(fields, 'status', [...campaignStatuses, 'SCHEDULED']),
      channel: oneOf(fields, 'channel', campaignChannels),
      budgetMinor: whole(fields, 'budgetMinor'),
      holdoutRate: share(fields, 'holdoutRate') ?? 0,
      startsAt: optionalInstant(fields, 'startsAt'),
      endsAt: optionalInstant(fields, 'endsAt'),
      createdAt: instant(fields, 'createdAt'),
      updatedAt: instant(fields, 'updatedAt'),
      ...optionalObject(fields, 'settings', readCampaignSettings),
    };
    return sink => sink.campaign(row);
  },
);

const offer = copyOf(
  ['id', 'campaignId', 'title', 'discountRate', 'discountMinor', 'productIds', 'costMinor', 'terms'],
  fields => {
    const row = {
      id: fields.id('id'),
      campaignId: toCampaignId(fields.id('campaignId')),
      title: text(fields, 'title'),
      discountRate: share(fields, 'discountRate'),
      discountMinor: whole(fields, 'discountMinor'),
      productIds: productIds(fields),
      costMinor: whole(fields, 'costMinor'),
      ...optionalObject(fields, 'terms', readOfferTerms),
    };
    return sink => sink.offer(row);
  },
);

const contact = copyOf(['campaignId', 'userId', 'offerId', 'arm', 'propensity', 'contactedAt'], fields => {
  const row = {
    campaignId: toCampaignId(fields.id('campaignId')),
    userId: toUserId(fields.id('userId')),
    offerId: fields.optionalId('offerId'),
    arm: oneOf(fields, 'arm', campaignArms),
    propensity: share(fields, 'propensity'),
    contactedAt: instant(fields, 'contactedAt'),
  };
  return sink => sink.contact(row);
});

const outcome = copyOf(['id', 'campaignId', 'userId', 'type', 'valueMinor', 'occurredAt'], fields => {
  const row = {
    id: fields.id('id'),
    campaignId: toCampaignId(fields.id('campaignId')),
    userId: toUserId(fields.id('userId')),
    type: oneOf(fields, 'type', outcomeTypes),
    valueMinor: whole(fields, 'valueMinor'),
    occurredAt: instant(fields, 'occurredAt'),
  };
  return sink => sink.outcome(row);
});

const post = copyOf(['id', 'authorId', 'body', 'locale', 'productIds', 'occurredAt'], fields => {
  const row = {
    id: fields.id('id'),
    authorId: toUserId(fields.id('authorId')),
    body: text(fields, 'body'),
    locale: optionalText(fields, 'locale'),
    productIds: productIds(fields),
    occurredAt: instant(fields, 'occurredAt'),
  };
  return sink => sink.post(row);
});

const reaction = copyOf(['id', 'postId', 'userId', 'type', 'body', 'occurredAt'], fields => {
  const row = {
    id: fields.id('id'),
    postId: fields.id('postId'),
    userId: toUserId(fields.id('userId')),
    type: oneOf(fields, 'type', reactionTypes),
    body: optionalText(fields, 'body'),
    occurredAt: instant(fields, 'occurredAt'),
  };
  return sink => sink.reaction(row);
});

const follow = copyOf(['followerId', 'followeeId', 'occurredAt'], fields => {
  const row = {
    followerId: toUserId(fields.id('followerId')),
    followeeId: toUserId(fields.id('followeeId')),
    occurredAt: instant(fields, 'occurredAt'),
  };
  return sink => sink.follow(row);
});

const interestTag = copyOf(
  [
    ...['id', 'parentId', 'names', 'nameEdits', 'terms', 'products', 'isHidden', 'isPinned'],
    ...['mergedIntoId', 'isActive', 'modelVersion', 'createdAt', 'updatedAt'],
  ],
  (fields, shopId) => {
    const row = {
      shopId,
      id: fields.id('id'),
      parentId: fields.optionalId('parentId'),
      names: namesOf(fields, 'names'),
      nameEdits: namesOf(fields, 'nameEdits'),
      terms: fields.texts('terms', maxListLength, maxNameLength),
      products: count(fields, 'products'),
      isHidden: required(fields, 'isHidden'),
      isPinned: required(fields, 'isPinned'),
      mergedIntoId: fields.optionalId('mergedIntoId'),
      isActive: required(fields, 'isActive'),
      modelVersion: optionalText(fields, 'modelVersion'),
      createdAt: instant(fields, 'createdAt'),
      updatedAt: instant(fields, 'updatedAt'),
    };
    return sink => sink.interestTag(row);
  },
);

const identity = copyOf(
  ['anonymousId', 'userId', 'identifiedBy', 'mergedEvents', 'mergedLists', 'identifiedAt'],
  fields => {
    const row = {
      anonymousId: toUserId(fields.id('anonymousId')),
      userId: toUserId(fields.id('userId')),
      identifiedBy: text(fields, 'identifiedBy'),
      mergedEvents: count(fields, 'mergedEvents'),
      mergedLists: count(fields, 'mergedLists'),
      identifiedAt: instant(fields, 'identifiedAt'),
    };
    return sink => sink.identity(row);
  },
);

const copies: ReadonlyMap<string, Copy> = new Map(
  Object.entries({
    ...{ campaign, offer, contact, outcome },
    ...{ post, reaction, follow, interestTag, identity },
  }),
);

/**
 * Reads a row of an export that the API does not accept in this form, and gives it to the sink.
 *
 * @param row - without its `kind`
 * @returns the problem with the row, or null; undefined for another kind
 */
export function giveCopiedRow(
  kind: unknown,
  row: Readonly<Record<string, unknown>>,
  { shopId }: ImportContext,
  sink: RowSink,
): Problem | null | undefined {
  const copy = typeof kind === 'string' ? copies.get(kind) : undefined;
  if (copy === undefined) return undefined;
  const fields = new Fields(row);
  fields.onlyKnown(copy.names);
  const give = copy.read(fields, shopId);
  if (fields.problem) return fields.problem;
  give(sink);
  return null;
}

/** Kinds of rows that {@link giveCopiedRow} reads. */
export const copiedKinds: readonly string[] = [...copies.keys()];
