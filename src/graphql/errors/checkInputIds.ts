import { Fields } from '../../intake/fields';
import type { UserError } from './userError.type';

/**
 * Returns the first problem of the ids in an `input`, or null. The rules are those of ids in events and imports, so that no
 * mutation writes to a user whom no event can name.
 *
 * @param ids - by the name of the input's field
 */
export function checkInputIds(ids: Readonly<Record<string, string>>): UserError | null {
  const fields = new Fields(ids);
  for (const name of Object.keys(ids)) fields.id(name);
  if (fields.problem === null) return null;
  const { field, message } = fields.problem;
  return { field: ['input', field], message, code: 'INVALID' };
}
