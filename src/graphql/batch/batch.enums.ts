import { enumOf } from '../enums/enumOf';

/** What to do with a batch when some of its rows are invalid. */
export type ErrorPolicy = 'IGNORE_FAILED' | 'REJECT_EVERYTHING';
export const errorPolicyEnum = enumOf<ErrorPolicy>(
  'ErrorPolicy',
  'What to do with a batch when some of its rows are invalid.',
  {
    IGNORE_FAILED: 'Store the valid rows and report the others.',
    REJECT_EVERYTHING: 'Store nothing unless every row is valid.',
  },
);

/** Outcome of one row of an upsert. */
export type UpsertStatus = 'CREATED' | 'UPDATED' | 'REJECTED';
export const upsertStatusEnum = enumOf<UpsertStatus>('UpsertStatus', 'Outcome of one row of an upsert.', {
  CREATED: 'The row is new in this shop.',
  UPDATED: 'The row existed, and the given fields were replaced.',
  REJECTED: 'Not stored. `code`, `message` and `field` give the reason.',
});
