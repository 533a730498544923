import { enumOf } from '../enums/enumOf';

/** Outcome of one event of a batch. */
export type EventStatus = 'ACCEPTED' | 'DUPLICATE' | 'REJECTED';
export const eventStatusEnum = enumOf<EventStatus>('EventStatus', 'Outcome of one event of a batch.', {
  ACCEPTED: 'Stored: the commit is on disk.',
  DUPLICATE:
    'An event with this id is already stored, of this sender or of the shop itself for the same shopper. This one changed nothing.',
  REJECTED: 'Not stored. `code`, `message` and `field` give the reason.',
});
