import { type DocumentNode, visit } from 'graphql';
import { GatewayError } from '../../domain/errors';
import { isStorable } from '../../intake/storable';
import { limits } from './limits';

const dirtyText = (where: string): GatewayError =>
  new GatewayError(
    'BAD_USER_INPUT',
    `Expected well-formed text in ${where}; got a NUL character or half of a surrogate pair. Remove it.`,
  );

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

const tooMany = (): GatewayError =>
  new GatewayError(
    'BAD_USER_INPUT',
    `Expected at most ${limits.variableValues} values in the variables; got more. Split the request.`,
  );

/** Values that are still to be checked, with the depth of each. Two arrays, so that no object is made per value. */
class OpenValues {
  readonly #values: unknown[] = [];
  readonly #depths: number[] = [];
  #count = 0;

  /** @throws {GatewayError} BAD_USER_INPUT when more values were added than the limit */
  add(value: unknown, depth: number): void {
    this.#count++;
    if (this.#count > limits.variableValues) throw tooMany();
    if (typeof value === 'string') {
      if (!isStorable(value)) throw dirtyText('the variables');
    } else if (typeof value === 'object' && value !== null) {
      if (depth >= limits.variablesDepth) throw tooDeep();
      this.#values.push(value);
      this.#depths.push(depth);
    } else if (isRounded(value)) throw roundedNumber();
  }

  /** Adds the values in the object that was added last. Returns false when none is left. */
  expandLast(): boolean {
    const value = this.#values.pop();
    const depth = (this.#depths.pop() ?? 0) + 1;
    if (Array.isArray(value)) for (const inner of value) this.add(inner, depth);
    else if (typeof value === 'object' && value !== null) this.#addFields(value, depth);
    return this.#values.length > 0;
  }

  #addFields(value: object, depth: number): void {
    for (const key in value) {
      if (!Object.hasOwn(value, key)) continue;
      if (!isStorable(key)) throw dirtyText('the names of the variables');
      this.add((value as Readonly<Record<string, unknown>>)[key], depth);
    }
  }
}

/**
 * Checks variables without recursion, before any code that recurses: deep nesting is refused and overflows no stack.
 * The number of values is limited, and the check stops at the first value beyond it.
 *
 * @throws {GatewayError} BAD_USER_INPUT on NUL, lone surrogates, rounded whole numbers, or values or nesting beyond the limits
 */
export function checkVariables(variables: unknown): void {
  const open = new OpenValues();
  open.add(variables, 0);
  while (open.expandLast()) {
    // Each call checks the values of one object.
  }
}

/** Returns whether all strings in a document are well-formed and without NUL. */
export function hasCleanText(document: DocumentNode): boolean {
  let isClean = true;
  visit(document, {
    StringValue({ value }) {
      isClean &&= isStorable(value);
    },
  });
  return isClean;
}

/** @throws {GatewayError} BAD_USER_INPUT */
export function refuseDirtyDocument(): never {
  throw dirtyText('the document');
}
