import { createHash } from 'node:crypto';
import fc from 'fast-check';
import {
  clientEventIdOf,
  eventIdAndSpaceOf,
  eventKeyIn,
  eventSpaceOf,
  maxEventKeyLength,
  shopEventKeyOf,
  toEventSpace,
} from '../../src/domain/eventKey';
import { maxIdLength, toEventId, toUserId } from '../../src/domain/ids';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url');
const spaceOf = (user: string) => eventSpaceOf(toUserId(user), sha256);
const anyId = fc.string({ minLength: 1, maxLength: 256, unit: 'binary' });

describe('the key of an event', () => {
  it('returns the id and the space that it was made of', () => {
    fc.assert(
      fc.property(anyId, fc.option(anyId), (eventId, user) => {
        const space = user === null ? null : spaceOf(user);
        const key = eventKeyIn(eventId, space);
        expect(eventIdAndSpaceOf(key)).toEqual({ eventId, space });
        expect(clientEventIdOf(key)).toBe(eventId);
        expect(shopEventKeyOf(key)).toBe(space === null ? null : eventId);
        expect(key.length - eventId.length).toBeLessThanOrEqual(maxEventKeyLength - maxIdLength);
      }),
    );
  });

  it('differs between users, and between a user and the shop, for the same id', () => {
    const keys = [null, spaceOf('anna'), spaceOf('ben')].map(space => eventKeyIn('order-1', space));
    expect(new Set(keys).size).toBe(3);
  });

  it('does not let a shopper name the space of another in its id', () => {
    const posing = eventKeyIn(eventKeyIn('order-1', spaceOf('anna')), spaceOf('eve'));
    expect(posing).not.toBe(eventKeyIn('order-1', spaceOf('anna')));
    expect(eventIdAndSpaceOf(posing).space).toBe(spaceOf('eve'));
  });

  it('does not contain the user id, and keeps ids of the shop as they are', () => {
    expect(eventKeyIn('e', spaceOf('anna@example.org'))).not.toContain('anna');
    for (const id of ['e', 'a\u001fb', `\u001f${'x'.repeat(21)}`, 'x'.repeat(256)])
      expect(clientEventIdOf(toEventId(id))).toBe(id);
  });
});

it('accepts only the form of a space as a space', () => {
  expect(toEventSpace(spaceOf('anna'))).toBe(spaceOf('anna'));
  for (const text of ['', 'short', 'x'.repeat(23), `${'x'.repeat(21)}!`])
    expect(toEventSpace(text)).toBeNull();
});
