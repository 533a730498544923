import { createHash } from 'node:crypto';
import { type EventSpace, eventSpaceOf } from '../../domain/eventKey';
import type { UserId } from '../../domain/ids';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** Returns the space of the events that a shopper's own token sends. */
export const senderSpaceOf = (userId: UserId): EventSpace => eventSpaceOf(userId, sha256);
