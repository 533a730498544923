import {
  coerceInputValue,
  type GraphQLInputType,
  type GraphQLLeafType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isRequiredInputField,
} from 'graphql';
import { maxInt32 } from '../../intake/fields';
import { describeValue, type Problem, problem, type RejectionCode } from '../../intake/rejections';
import { type Flaw, flawIn } from '../limits/text';

type Path = readonly (string | number)[];
type Row = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The code, what is expected, and the remedy. */
type Expectation = readonly [code: RejectionCode, expected: string, remedy: string];

const bare: Expectation = ['VALUE_NOT_A_NUMBER', 'a finite number', 'Send the bare number, without quotes.'];
const int32: Expectation = [
  'VALUE_OUT_OF_RANGE',
  `a whole number from ${-maxInt32 - 1} to ${maxInt32}`,
  'Correct it, or leave it out.',
];
const price: Expectation = [
  'PRICE_INVALID',
  `a whole number from 0 to ${maxInt32}`,
  'Correct it, or leave it out.',
];

/** What the scalars expect that are not numbers. Every `SafeInt` of a row is a price. */
const scalars: ReadonlyMap<string, Expectation> = new Map<string, Expectation>([
  ['ID', ['TEXT_EXPECTED', 'an id as text', 'Put the id in quotation marks.']],
  ['String', ['TEXT_EXPECTED', 'text', 'Put it in quotation marks.']],
  ['Boolean', ['BOOLEAN_EXPECTED', 'true or false', 'Send it without quotes.']],
  ['DateTime', ['TIME_INVALID', 'an ISO 8601 instant with a zone', 'Send one such as 2026-07-01T12:00:00Z.']],
  ['JSONObject', ['ATTRIBUTES_INVALID', 'an object of attributes', 'Send a flat object.']],
]);

const idMissing: Expectation = ['ID_MISSING', 'an id of 1 to 256 characters', 'Send the id your shop uses.'];

/** Digits of a whole number over 2^53: in variables such numbers arrive as text. */
const longInteger = /^-?\d{16,}$/;
const isLongInteger = (value: unknown): boolean => typeof value === 'string' && longInteger.test(value);

function leafExpectation(type: GraphQLLeafType, value: unknown): Expectation {
  if (isEnumType(type)) {
    const code = type.name === 'InteractionType' ? 'TYPE_UNKNOWN' : 'CHOICE_UNKNOWN';
    return [code, `a value of ${type.name}`, 'Send one that the schema lists, in capitals.'];
  }
  const isNumber = typeof value === 'number' || isLongInteger(value);
  if (type.name === 'Int') return isNumber ? int32 : bare;
  if (type.name === 'SafeInt') return isNumber ? price : bare;
  if (type.name === 'ID' && (value === undefined || value === null)) return idMissing;
  return scalars.get(type.name) ?? bare;
}

function problemOf(path: Path, value: unknown, [code, expected, remedy]: Expectation): Problem {
  const got = isLongInteger(value) ? 'a whole number over 2^53' : describeValue(value);
  return problem(code, path.join('.'), expected, got, remedy);
}

/** The name of a field as GraphQL allows it, and not so long that it fills the response. */
const plainName = /^[_a-z]\w{0,63}$/i;

function unknownField(path: Path, name: string): Problem {
  const at = plainName.test(name) ? [...path, name] : path;
  const got = `a field name of ${name.length} characters that is none of them`;
  const remedy = 'Remove the field, or correct its name.';
  return problem('FIELD_UNKNOWN', at.join('.'), 'only fields of the schema', got, remedy);
}

/** Returns the type of the value at a path. A list may be given as its only item. */
function typeAt(rowType: GraphQLInputType, path: Path): GraphQLInputType {
  let type = rowType;
  for (const key of path) {
    const list = getNullableType(type);
    const named = getNamedType(type);
    if (typeof key === 'number' && isListType(list)) type = list.ofType;
    else if (isInputObjectType(named)) type = named.getFields()[key].type;
  }
  return type;
}

/** Describes the first value that could not be coerced, or the first field that is missing or unknown. */
function coercionProblem(given: GraphQLInputType, path: Path, value: unknown): Problem {
  const type = getNullableType(given);
  if (isListType(type)) {
    return problemOf(path, value, ['LIST_EXPECTED', 'a list', 'Put it in square brackets.']);
  }
  if (!isInputObjectType(type)) return problemOf(path, value, leafExpectation(type, value));
  if (!isObject(value)) return problemOf(path, value, ['NOT_AN_OBJECT', 'an object', 'Send named fields.']);
  const fields = type.getFields();
  const missing = Object.values(fields).find(
    field => isRequiredInputField(field) && value[field.name] === undefined,
  );
  if (missing !== undefined) return coercionProblem(missing.type, [...path, missing.name], undefined);
  const [unknown = ''] = Object.keys(value).filter(name => fields[name] === undefined);
  return unknownField(path, unknown);
}

const flaws: Readonly<Record<Flaw['kind'], Expectation & readonly [...unknown[]]>> = {
  nul: ['TEXT_NUL', 'text without NUL (U+0000)', 'Remove the NUL character.'],
  surrogate: ['TEXT_LONE_SURROGATE', 'well-formed text', 'Send whole characters, not half a pair.'],
  rounded: ['NUMBER_INEXACT', 'whole numbers of at most 2^53 - 1', 'Send it as text.'],
  depth: ['ATTRIBUTES_INVALID', 'a flat object', 'Flatten it, or leave it out.'],
  count: ['TOO_LARGE', 'fewer values', 'Send fewer.'],
};

function flawProblem(row: unknown, depth: number): Problem | null {
  if (!isObject(row) || flawIn(row, depth) === null) return null;
  for (const [name, value] of Object.entries(row)) {
    const flaw = flawIn(value, depth + 1);
    if (flaw !== null) return problemOf([name], value, flaws[flaw.kind]);
  }
  return null;
}

/**
 * Returns why a row cannot be processed, before its own checks: a value of the wrong type, a field that is missing or
 * unknown, text that cannot be stored, a number that was rounded. Null when there is no such reason.
 *
 * @param type - type of the row, which may be non-null
 * @param depth - nesting of the row in the variables
 */
export function problemOfRow(row: unknown, type: GraphQLInputType, depth: number): Problem | null {
  let found: Problem | null = null;
  try {
    coerceInputValue(
      row,
      type,
      (path, value, error) => {
        found = coercionProblem(typeAt(type, path), path, value);
        throw error;
      },
      true,
    );
  } catch (error) {
    if (found === null) throw error;
  }
  return found ?? flawProblem(row, depth);
}
