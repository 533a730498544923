import type { IdentityRefusal } from '../../domain/identity';
import { enumOf } from '../enums/enumOf';

/** Why a mutation was refused. */
export type UserErrorCode =
  | 'TOO_MANY'
  | 'ROWS_REJECTED'
  | 'INVALID'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'EXISTS'
  | 'STATUS_REFUSED'
  | 'UNKNOWN_MODEL'
  | 'USER_REQUIRED'
  | 'USER_MERGED'
  | IdentityRefusal;
export const userErrorCodeEnum = enumOf<UserErrorCode>(
  'UserErrorCode',
  'Machine-readable reason why a mutation was refused.',
  {
    TOO_MANY: 'The call has too many rows. Nothing was stored. Split it into several calls.',
    ROWS_REJECTED: 'Some rows are invalid and the error policy is REJECT_EVERYTHING. Nothing was stored.',
    INVALID: 'A value is outside the documented range of its field.',
    NOT_FOUND: 'The shop has nothing with this id.',
    CONFLICT: 'Somebody else changed it meanwhile. Nothing was changed. Read it again.',
    EXISTS: 'The id is taken. Nothing was created.',
    STATUS_REFUSED: 'The status does not allow this. The message says what is possible.',
    UNKNOWN_MODEL: 'No model has this name. `modelReadiness` lists the models.',
    USER_REQUIRED: 'The credential is not of a shopper, so `userId` is required.',
    USER_MERGED: 'The id is of a visitor who was merged into a shopper. Nothing was stored.',
    SAME_USER: 'Both ids are the same. Nothing was merged.',
    NOT_ANONYMOUS:
      'The first id is of a deactivated user, or of one that visitors were merged into. Nothing was merged.',
    IDENTIFIED_AS_ANOTHER: 'The visitor belongs to another shopper already. Nothing was merged.',
    USER_DEACTIVATED: 'The shopper is deactivated. Nothing was merged.',
  },
);
