import { enumOf } from '../enums/enumOf';

/** Why a mutation did not do what was asked. */
export type UserErrorCode =
  | 'TOO_MANY'
  | 'ROWS_REJECTED'
  | 'INVALID'
  | 'NOT_FOUND'
  | 'UNKNOWN_MODEL'
  | 'USER_REQUIRED';
export const userErrorCodeEnum = enumOf<UserErrorCode>(
  'UserErrorCode',
  'Why a mutation did not do what was asked, for programs.',
  {
    TOO_MANY: 'More rows than one call takes; nothing was kept. Send several calls.',
    ROWS_REJECTED: 'The policy is REJECT_EVERYTHING and some rows were rejected; nothing was kept.',
    INVALID: 'A value is outside what its field documents.',
    NOT_FOUND: 'No such thing in this shop.',
    UNKNOWN_MODEL: 'The gateway knows no model of this name; `modelReadiness` lists those it knows.',
    USER_REQUIRED: 'This credential names no shopper, so the call has to: give `userId`.',
  },
);
