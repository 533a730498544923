import type { AttributeValue } from '../domain/product';
import { Fields } from './fields';
import { problem } from './rejections';

const maxKeys = 64;
const maxKeyLength = 64;
const maxTextLength = 2_000;
const anyNumber = { min: -Number.MAX_VALUE, max: Number.MAX_VALUE };

/**
 * Reads a flat object of attributes; empty when absent or null. Keys have 1-64 characters. Values are text (at most 2,000
 * characters), finite numbers, booleans or lists of at most 64 texts.
 */
export function readAttributes(fields: Fields, field: string): Readonly<Record<string, AttributeValue>> {
  const raw = fields.value(field);
  if (raw === undefined || raw === null) return {};
  const expected = `an object of at most ${maxKeys} attributes`;
  if (typeof raw !== 'object' || Array.isArray(raw) || Object.keys(raw).length > maxKeys) {
    fields.fail('ATTRIBUTES_INVALID', field, expected, 'Send a flat object.');
    return {};
  }
  const inner = new Fields(raw, field);
  const entries = Object.keys(raw).map((key): [string, AttributeValue] => [
    checkKey(inner, key),
    readAttribute(inner, key),
  ]);
  fields.count(inner.bytes);
  fields.adopt(inner.problem);
  return Object.fromEntries(entries);
}

function checkKey(inner: Fields, key: string): string {
  const named = new Fields({ name: key });
  const isFine = key !== '' && key.length <= maxKeyLength && named.text('name', maxKeyLength) !== null;
  if (!isFine) {
    const expected = `attribute names of 1 to ${maxKeyLength} well-formed characters`;
    const got = `one of ${key.length} characters`;
    inner.adopt(problem('ATTRIBUTES_INVALID', inner.path, expected, got, 'Rename the attribute.'));
  }
  inner.count(named.bytes);
  return key;
}

function readAttribute(inner: Fields, key: string): AttributeValue {
  const value = inner.value(key);
  if (typeof value === 'string') return inner.text(key, maxTextLength) ?? '';
  if (typeof value === 'number') return inner.number(key, anyNumber) ?? 0;
  if (typeof value === 'boolean') return value;
  if (Array.isArray(value)) return inner.texts(key, maxKeys, maxTextLength);
  if (typeof value === 'bigint') {
    inner.fail('NUMBER_INEXACT', key, 'a number up to 2^53', 'Put it in quotation marks.');
    return '';
  }
  const expected = 'text, a finite number, true, false or a list of texts';
  inner.fail('ATTRIBUTES_INVALID', key, expected, 'Flatten it, or leave it out.');
  return '';
}
