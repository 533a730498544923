import { type PolicyChange, problemsOfChange } from '../domain/shopPolicy';
import { Fields } from './fields';
import { readLocale } from './locale';
import { readCurrency } from './product';
import { type Problem, problem } from './rejections';

/** A checked description of a shop, with the settings that differ from their defaults. */
export interface ShopDraft {
  readonly name: string;
  readonly defaultLocale: string;
  readonly currency: string;
  readonly policy: PolicyChange;
}

/** A shop, or the problem with it. */
export type ShopOrProblem = { readonly shop: ShopDraft } | { readonly problem: Problem };

const known: ReadonlySet<string> = new Set(['name', 'defaultLocale', 'currency', 'policy']);
const maxNameLength = 1_000;

/**
 * Checks the description of a shop: `{name, defaultLocale, currency, policy?: {setting: value}}`. The id is not part of it: an
 * export can be imported under another one.
 */
export function checkShop(raw: unknown): ShopOrProblem {
  const fields = new Fields(raw);
  fields.onlyKnown(known);
  const name = fields.text('name', maxNameLength);
  const defaultLocale = readLocale(fields, 'defaultLocale');
  const currency = readCurrency(fields);
  if (name === null) fields.fail('TEXT_EMPTY', 'name', 'the name of the shop', 'Add it.');
  if (defaultLocale === null)
    fields.fail('LOCALE_INVALID', 'defaultLocale', 'a BCP 47 language tag', 'Add one such as en.');
  if (currency === null)
    fields.fail('CURRENCY_INVALID', 'currency', 'three capital letters (ISO 4217)', 'Add one such as GBP.');
  const policy = readPolicy(fields);
  if (fields.problem) return { problem: fields.problem };
  return { shop: { name: name ?? '', defaultLocale: defaultLocale ?? '', currency: currency ?? '', policy } };
}

function readPolicy(fields: Fields): PolicyChange {
  const raw = fields.value('policy');
  if (raw === undefined || raw === null) return {};
  if (typeof raw !== 'object' || Array.isArray(raw)) {
    fields.fail('POLICY_INVALID', 'policy', 'an object of settings', 'Send a flat object.');
    return {};
  }
  const change = Object.fromEntries(Object.entries(raw));
  const [found] = problemsOfChange(change);
  if (found)
    fields.adopt(problem('POLICY_INVALID', 'policy', 'settings of a shop', found.key, found.message));
  return change;
}
