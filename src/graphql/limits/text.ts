import { type DocumentNode, visit } from 'graphql';
import { GatewayError } from '../../domain/errors';
import { limits } from './limits';

const unkeepable = /[\0\p{Surrogate}]/u;
const isCleanText = (text: string): boolean => !unkeepable.test(text);

const dirtyText = (where: string): GatewayError =>
  new GatewayError(
    'BAD_USER_INPUT',
    `Expected well-formed text in ${where}; got a NUL character or half of a surrogate pair. Remove it.`,
  );

interface Level {
  readonly value: unknown;
  readonly depth: number;
}

/**
 * Checks variables before anything walks them by recursion. Without a stack of its own per level: five thousand
 * nested objects are refused, not overflowed on.
 *
 * @throws {GatewayError} BAD_USER_INPUT on NUL, lone surrogates, or nesting beyond the limit
 */
export function checkVariables(variables: unknown): void {
  const open: Level[] = [{ value: variables, depth: 0 }];
  for (let level = open.pop(); level !== undefined; level = open.pop()) {
    const { value, depth } = level;
    if (typeof value === 'string') {
      if (!isCleanText(value)) throw dirtyText('the variables');
    } else if (typeof value === 'object' && value !== null) {
      if (depth >= limits.variablesDepth) {
        throw new GatewayError(
          'BAD_USER_INPUT',
          `Expected variables nested at most ${limits.variablesDepth} deep; got deeper ones. Flatten them.`,
        );
      }
      for (const [key, inner] of Object.entries(value)) {
        if (!isCleanText(key)) throw dirtyText('the names of the variables');
        open.push({ value: inner, depth: depth + 1 });
      }
    }
  }
}

/** Whether all text values in a document are well-formed and without NUL. */
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
