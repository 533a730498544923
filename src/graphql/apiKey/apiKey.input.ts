import { Field, InputType } from 'type-graphql';
import type { Role } from '../../domain/role';
import { roleEnum } from '../access/role.enums';
import type { UserError } from '../errors/userError.type';
import { dateTimeScalar } from '../scalars/dateTime';

/** An API key to create. */
@InputType({ description: 'An API key to create.' })
export class ApiKeyCreateInput {
  @Field(() => String, { description: 'What the key is used for, 1 to 100 characters.' })
  readonly label!: string;

  @Field(() => roleEnum, { description: 'Role of the key. SHOPPER is not allowed: shoppers use tokens.' })
  readonly role!: Role;

  @Field(() => dateTimeScalar, {
    nullable: true,
    description: 'When the key expires. If omitted, it never expires.',
  })
  readonly expiresAt?: number | null;
}

const invalid = (field: string, message: string): UserError => ({
  field: ['input', field],
  message,
  code: 'INVALID',
});

/** Returns why the key cannot be created. Null when it can. */
export function checkApiKeyInput(
  { label, role, expiresAt }: ApiKeyCreateInput,
  now: number,
): UserError | null {
  const trimmed = label.trim();
  if (trimmed === '' || trimmed.length > 100) {
    return invalid(
      'label',
      `Expected a label of 1 to 100 characters; got ${trimmed.length}. Describe what the key is used for.`,
    );
  }
  if (role === 'SHOPPER') {
    return invalid(
      'role',
      'Expected STOREFRONT, INGEST, MERCHANDISER or ADMIN; got SHOPPER. Shoppers sign in with tokens.',
    );
  }
  if (expiresAt != null && expiresAt <= now) {
    return invalid(
      'expiresAt',
      'Expected an instant in the future; got a past one. Omit it for a key that never expires.',
    );
  }
  return null;
}
