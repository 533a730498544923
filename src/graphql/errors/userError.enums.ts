import { enumOf } from '../enums/enumOf';

/** Why a mutation was refused. */
export type UserErrorCode =
  | 'TOO_MANY'
  | 'ROWS_REJECTED'
  | 'INVALID'
  | 'NOT_FOUND'
  | 'UNKNOWN_MODEL'
  | 'USER_REQUIRED';
export const userErrorCodeEnum = enumOf<UserErrorCode>(
  'UserErrorCode',
  'Machine-readable reason why a mutation was refused.',
  {
    TOO_MANY: 'The call has too many rows. Nothing was stored. Split it into several calls.',
    ROWS_REJECTED: 'Some rows are invalid and the error policy is REJECT_EVERYTHING. Nothing was stored.',
    INVALID: 'A value is outside the documented range of its field.',
    NOT_FOUND: 'The shop has nothing with this id.',
    UNKNOWN_MODEL: 'No model has this name. `modelReadiness` lists the models.',
    USER_REQUIRED: 'The credential is not of a shopper, so `userId` is required.',
  },
);
