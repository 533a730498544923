import { toUserId, type UserId } from '../domain/ids';
import { type Consent, consentPurposes, type User } from '../domain/user';
import { readAttributes } from './attributes';
import type { CheckContext } from './event';
import { Fields } from './fields';
import { readLocale } from './locale';
import { maxRowBytes } from './product';
import type { Checked } from './rejections';

/** A shopper's consent for one purpose. Only the import of an export has its instant. */
export type ConsentDraft = Omit<Consent, 'updatedAt'> & { readonly updatedAt?: number };

/** A checked shopper to write; absent fields stay unchanged. */
export interface UserDraft {
  readonly id: UserId;
  readonly locale?: string | null;
  readonly attributes?: User['attributes'];
  readonly consents?: readonly ConsentDraft[];
  /** Only of the import of an export. */
  readonly createdAt?: number;
  /** As {@link createdAt}. */
  readonly deactivatedAt?: number | null;
}

const known: ReadonlySet<string> = new Set(['id', 'locale', 'attributes', 'consents']);
const knownConsent: ReadonlySet<string> = new Set(['purpose', 'granted', 'source']);

/**
 * Checks one shopper: `{id, locale?, attributes?, consents?: [{purpose, granted, source?}]}`, 64 KiB in all. An absent field
 * stays absent; consents for purposes that are not named stay unchanged. Never throws for a value that JSON can represent.
 */
export function checkUser(raw: unknown, context: CheckContext): Checked<UserDraft> {
  const fields = new Fields(raw);
  fields.onlyKnown(known);
  const row: UserDraft = {
    id: toUserId(fields.id('id')),
    ...(fields.has('locale') && { locale: readLocale(fields, 'locale') }),
    ...(fields.has('attributes') && { attributes: readAttributes(fields, 'attributes') }),
    ...(fields.has('consents') && { consents: readConsents(fields) }),
  };
  if (fields.bytes > maxRowBytes) {
    fields.fail('TOO_LARGE', '', `a user of at most ${maxRowBytes} bytes`, 'Shorten the attributes.');
  }
  const found = fields.problem;
  return found ? { ok: false, rejection: { index: context.index ?? 0, ...found } } : { ok: true, row };
}

function readConsents(fields: Fields): readonly ConsentDraft[] {
  const answered = new Set<string>();
  return fields.list('consents', consentPurposes.length * 2).map((raw, position) => {
    const inner = new Fields(raw, `consents.${position}`);
    inner.onlyKnown(knownConsent);
    const purpose = inner.choice('purpose', consentPurposes, 'CHOICE_UNKNOWN') ?? 'ANALYTICS';
    const granted = inner.boolean('granted');
    if (granted === null)
      inner.fail('BOOLEAN_EXPECTED', 'granted', 'true or false', "Give the shopper's decision.");
    const source = inner.text('source', 256);
    if (answered.has(purpose)) {
      inner.fail('CONSENT_REPEATED', 'purpose', 'one decision per purpose', 'Send the latest decision only.');
    }
    answered.add(purpose);
    fields.count(inner.bytes);
    fields.adopt(inner.problem);
    return { purpose, granted: granted ?? false, source };
  });
}
