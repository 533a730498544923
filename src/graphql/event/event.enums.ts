import { enumOf } from '../enums/enumOf';

/** What became of an event. */
export type EventStatus = 'ACCEPTED' | 'DUPLICATE' | 'REJECTED';
export const eventStatusEnum = enumOf<EventStatus>('EventStatus', 'What became of one event of a batch.', {
  ACCEPTED: 'Kept for good: the commit is on disk.',
  DUPLICATE: 'An event of this id is already kept; this one changed nothing.',
  REJECTED: 'Not kept; `code`, `message` and `field` say why.',
});
