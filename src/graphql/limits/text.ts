import { type DocumentNode, visit } from 'graphql';
import { GatewayError } from '../../domain/errors';
import { isStorable } from '../../intake/storable';
import { limits } from './limits';

const dirtyText = (where: string): string =>
  `Expected well-formed text in ${where}; got a NUL character or half of a surrogate pair. Remove it.`;

/** Why values cannot be processed, whatever their types are. */
export interface Flaw {
  readonly kind: 'count' | 'depth' | 'nul' | 'surrogate' | 'rounded';
  readonly message: string;
}

const tooMany: Flaw = {
  kind: 'count',
  message: `Expected at most ${limits.variableValues} values in the variables; got more. Split the request.`,
};
const tooDeep: Flaw = {
  kind: 'depth',
  message: `Expected variables that are nested at most ${limits.variablesDepth} deep; got deeper ones. Flatten them.`,
};
const rounded: Flaw = {
  kind: 'rounded',
  message:
    'Expected whole numbers of at most 2^53 - 1 in the variables; got a larger one, which was rounded. Send it as text.',
};
const isRounded = (value: unknown): boolean => Number.isInteger(value) && !Number.isSafeInteger(value);

const textFlaw = (text: string, where: string): Flaw => ({
  kind: text.includes('\0') ? 'nul' : 'surrogate',
  message: dirtyText(where),
});

/** Values that are still to be checked, with the depth of each. Two arrays, so that no object is made per value. */
class OpenValues {
  readonly #values: unknown[] = [];
  readonly #depths: number[] = [];
  #count = 0;
  #flaw: Flaw | null = null;

  /** The first flaw; that there are too many values goes before all others. */
  get flaw(): Flaw | null {
    return this.#count > limits.variableValues ? tooMany : this.#flaw;
  }

  add(value: unknown, depth: number): void {
    this.#count++;
    if (typeof value === 'string') {
      if (!isStorable(value)) this.#flaw ??= textFlaw(value, 'the variables');
    } else if (typeof value === 'object' && value !== null) {
      if (depth >= limits.variablesDepth) this.#flaw ??= tooDeep;
      else this.#open(value, depth);
    } else if (isRounded(value)) this.#flaw ??= rounded;
  }

  /** Adds the values in the object that was added last. Returns false when none is left, or when there are too many. */
  expandLast(): boolean {
    const value = this.#values.pop();
    const depth = (this.#depths.pop() ?? 0) + 1;
    if (Array.isArray(value)) this.#addItems(value, depth);
    else if (typeof value === 'object' && value !== null) this.#addFields(value, depth);
    return this.#values.length > 0 && this.#count <= limits.variableValues;
  }

  #open(value: object, depth: number): void {
    this.#values.push(value);
    this.#depths.push(depth);
  }

  #addItems(items: readonly unknown[], depth: number): void {
    for (const item of items) {
      if (this.#count > limits.variableValues) return;
      this.add(item, depth);
    }
  }

  #addFields(value: object, depth: number): void {
    for (const key in value) {
      if (!Object.hasOwn(value, key)) continue;
      if (this.#count > limits.variableValues) return;
      if (!isStorable(key)) this.#flaw ??= textFlaw(key, 'the names of the variables');
      this.add((value as Readonly<Record<string, unknown>>)[key], depth);
    }
  }
}

/**
 * Checks values without recursion, before any code that recurses: deep nesting is refused and overflows no stack.
 * The number of values is limited, and the check stops at the first value beyond it.
 *
 * @param depth - nesting of the value in the variables
 * @returns the first flaw: NUL, a lone surrogate, a rounded number, or values or nesting beyond the limits; null without one
 */
export function flawIn(value: unknown, depth = 0): Flaw | null {
  const open = new OpenValues();
  open.add(value, depth);
  while (open.expandLast()) {
    // Each call checks the values of one object.
  }
  return open.flaw;
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
  throw new GatewayError('BAD_USER_INPUT', dirtyText('the document'));
}
