import { type DocumentNode, visit } from 'graphql';
import { GatewayError } from '../../domain/errors';
import { limits } from './limits';

const invalidCharacter = /[\0\p{Surrogate}]/u;
const isCleanText = (text: string): boolean => !invalidCharacter.test(text);

const dirtyText = (where: string): GatewayError =>
  new GatewayError(
    'BAD_USER_INPUT',
    `Expected well-formed text in ${where}; got a NUL character or half of a surrogate pair. Remove it.`,
  );

interface Level {
  readonly value: unknown;
  readonly depth: number;
}

const tooDeep = (): GatewayError =>
  new GatewayError(
    'BAD_USER_INPUT',
    `Expected variables that are nested at most ${limits.variablesDepth} deep; got deeper ones. Flatten them.`,
  );

const isRounded = (value: unknown): boolean => Number.isInteger(value) && !Number.isSafeInteger(value);

const roundedNumber = (): GatewayError =>
  new GatewayError(
    'BAD_USER_INPUT',
    'Expected whole numbers of at most 2^53 - 1 in the variables; got a larger one, which was rounded. Send it as text.',
  );

/** Returns the values nested directly in a value. @throws {GatewayError} BAD_USER_INPUT */
function levelsOf({ value, depth }: Level): readonly Level[] {
  if (typeof value === 'string' && !isCleanText(value)) throw dirtyText('the variables');
  if (isRounded(value)) throw roundedNumber();
  if (typeof value !== 'object' || value === null) return [];
  if (depth >= limits.variablesDepth) throw tooDeep();
  const entries = Object.entries(value);
  if (!entries.every(([key]) => isCleanText(key))) throw dirtyText('the names of the variables');
  return entries.map(([, inner]) => ({ value: inner, depth: depth + 1 }));
}

/**
 * Checks variables without recursion, before any code that recurses: deep nesting is refused and overflows no stack.
 *
 * @throws {GatewayError} BAD_USER_INPUT on NUL, lone surrogates, or nesting beyond the limit
 */
export function checkVariables(variables: unknown): void {
  const open: Level[] = [{ value: variables, depth: 0 }];
  for (let level = open.pop(); level !== undefined; level = open.pop()) {
    for (const inner of levelsOf(level)) open.push(inner);
  }
}

/** Returns whether all strings in a document are well-formed and without NUL. */
export function hasCleanText(document: DocumentNode): boolean {
  let isClean = true;
  visit(document, {
    StringValue({ value }) {
      isClean &&= isCleanText(value);
    },
  });
  return isClean;
}

/** @throws {GatewayError} BAD_USER_INPUT */
export function refuseDirtyDocument(): never {
  throw dirtyText('the document');
}
