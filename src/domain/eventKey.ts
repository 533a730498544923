import { type EventId, maxIdLength, toEventId, type UserId } from './ids';

/**
 * Separates an event id from the space of its sender. The text after it has a fixed length, so that ids which contain the
 * character themselves are read back unchanged.
 */
const separator = '\u001f';
/** Length of an {@link EventSpace}: 132 bits as base64url. */
const spaceLength = 22;

/** Maximum length of a key of {@link eventKeyIn}, in UTF-16 code units, for an event id of at most `maxIdLength`. */
export const maxEventKeyLength = maxIdLength + separator.length + spaceLength;

declare const brand: unique symbol;

/** Event ids of one sender: ids are unique within a space. The shop's own credentials and imports share the space `null`. */
export type EventSpace = string & { readonly [brand]: 'EventSpace' };

const isSpace = (text: string): text is EventSpace =>
  text.length === spaceLength && /^[A-Za-z0-9_-]+$/.test(text);

/**
 * Returns the space of the events that a shopper's own token sends. A hash, so that a key does not contain the user id.
 *
 * @param sha256 - returns the SHA-256 of a text as base64url; this layer has no cryptography of its own
 */
export const eventSpaceOf = (userId: UserId, sha256: (text: string) => string): EventSpace =>
  sha256(userId).slice(0, spaceLength) as EventSpace;

/** Returns the key under which an event is stored. Keys of different spaces are never equal. */
export const eventKeyIn = (eventId: string, space: EventSpace | null): EventId =>
  toEventId(space === null ? eventId : `${eventId}${separator}${space}`);

/** Returns the client's event id and the space of a stored key. */
export function eventIdAndSpaceOf(key: EventId): {
  readonly eventId: string;
  readonly space: EventSpace | null;
} {
  const at = key.length - spaceLength - separator.length;
  const space = key.slice(at + separator.length);
  if (at < 1 || key[at] !== separator || !isSpace(space)) return { eventId: key, space: null };
  return { eventId: key.slice(0, at), space };
}

/** Returns the client's event id of a stored key. */
export const clientEventIdOf = (key: EventId): string => eventIdAndSpaceOf(key).eventId;

/**
 * Returns the key of the same event from the shop itself; null for a key that is in the shop's space. The shop may report
 * an event that the shopper's own token reports as well.
 */
export function shopEventKeyOf(key: EventId): EventId | null {
  const { eventId, space } = eventIdAndSpaceOf(key);
  return space === null ? null : toEventId(eventId);
}

/** Returns the space that a text names, or null when it names none. */
export const toEventSpace = (text: string): EventSpace | null => (isSpace(text) ? text : null);

/** Returns the key of the same event in another space; a key that is not in the space `from` stays as it is. */
export function moveEventKey(key: EventId, from: EventSpace, to: EventSpace): EventId {
  const { eventId, space } = eventIdAndSpaceOf(key);
  return space === from ? eventKeyIn(eventId, to) : key;
}

/** Returns the suffix that all keys of a space share. */
export const eventKeySuffixOf = (space: EventSpace): string => `${separator}${space}`;
