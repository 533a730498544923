import { Field, InputType } from 'type-graphql';
import type { Role } from '../../domain/role';
import { roleEnum } from '../access/role.enums';
import type { UserError } from '../errors/userError.type';
import { dateTimeScalar } from '../scalars/dateTime';

/** A key to make. */
@InputType({ description: 'A key to make.' })
export class ApiKeyCreateInput {
  @Field(() => String, { description: 'What it is for, 1 to 100 characters.' })
  readonly label!: string;

  @Field(() => roleEnum, { description: 'What it may do. SHOPPER is for tokens of shoppers, not for keys.' })
  readonly role!: Role;

  @Field(() => dateTimeScalar, { nullable: true, description: 'When it ends; never when left out.' })
  readonly expiresAt?: number | null;
}

const invalid = (field: string, message: string): UserError => ({
  field: ['input', field],
  message,
  code: 'INVALID',
});

/** Null when the key can be made. */
export function checkApiKeyInput(
  { label, role, expiresAt }: ApiKeyCreateInput,
  now: number,
): UserError | null {
  const trimmed = label.trim();
  if (trimmed === '' || trimmed.length > 100) {
    return invalid('label', 'Expected 1 to 100 characters that say what the key is for.');
  }
  if (role === 'SHOPPER') {
    return invalid(
      'role',
      'Expected STOREFRONT, INGEST, MERCHANDISER or ADMIN: shoppers sign in with tokens.',
    );
  }
  if (expiresAt != null && expiresAt <= now) {
    return invalid('expiresAt', 'Expected an instant in the future; leave it out for a key without end.');
  }
  return null;
}
