import { enumOf } from '../enums/enumOf';

/** What to do with a batch when some rows cannot be kept. */
export type ErrorPolicy = 'IGNORE_FAILED' | 'REJECT_EVERYTHING';
export const errorPolicyEnum = enumOf<ErrorPolicy>(
  'ErrorPolicy',
  'What to do with a batch when some of its rows cannot be kept.',
  {
    IGNORE_FAILED: 'Keep the good rows and report the others.',
    REJECT_EVERYTHING: 'Keep nothing unless every row can be kept.',
  },
);

/** What became of a product or user. */
export type UpsertStatus = 'CREATED' | 'UPDATED' | 'REJECTED';
export const upsertStatusEnum = enumOf<UpsertStatus>('UpsertStatus', 'What became of one row of an upsert.', {
  CREATED: 'New in this shop.',
  UPDATED: 'Was there before; the given fields were replaced.',
  REJECTED: 'Not kept; `code`, `message` and `field` say why.',
});
