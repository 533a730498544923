import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNullableType,
  isAbstractType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql';
import { GatewayError } from '../../src/domain/errors';
import { objectTypesOf } from './randomDocuments';

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

const leafValues: Readonly<Record<string, readonly unknown[]>> = {
  Int: [0, 1, 42],
  SafeInt: [0, 9_007_199_254_740_991],
  Float: [0, 0.5, -3.25],
  String: ['', 'text', '茶'],
  ID: ['p01', 7],
  Boolean: [true, false],
  DateTime: [0, 1_767_225_600_000],
  JSONObject: [{}, { colour: 'red' }],
};

interface StubObject {
  readonly __typename: string;
  readonly stubKey: string;
}

type ReadStub = (source: StubObject | undefined, args: object) => unknown;

/** How many of 1,000 values are promises, or wrong in some way. */
export interface StubRates {
  readonly promise: number;
  readonly null: number;
  readonly throw: number;
  readonly reject: number;
  readonly error: number;
  readonly badLeaf: number;
  readonly badList: number;
  /** Whether every item of a list of objects is a promise. */
  readonly hasLateItems: boolean;
}

/**
 * The mixtures to try. In graphql-js (16), an item that fails at once leaves the promises of the other items of its list
 * without a handler, which ends the process. So a mixture has no promises, or no faults at once, or promises of all items.
 */
export const stubMixtures: Readonly<Record<'atOnce' | 'later' | 'both' | 'faultless', StubRates>> = {
  atOnce: {
    promise: 0,
    reject: 0,
    null: 40,
    throw: 15,
    error: 10,
    badLeaf: 8,
    badList: 4,
    hasLateItems: false,
  },
  later: {
    promise: 500,
    reject: 30,
    null: 0,
    throw: 0,
    error: 0,
    badLeaf: 0,
    badList: 0,
    hasLateItems: false,
  },
  both: {
    promise: 500,
    reject: 15,
    null: 40,
    throw: 15,
    error: 10,
    badLeaf: 8,
    badList: 4,
    hasLateItems: true,
  },
  faultless: {
    promise: 0,
    reject: 0,
    null: 0,
    throw: 0,
    error: 0,
    badLeaf: 0,
    badList: 0,
    hasLateItems: false,
  },
};

/** Resolves to the value after a number of turns of the microtask queue. */
async function later<Value>(turns: number, value: Value): Promise<Value> {
  for (let turn = 0; turn < turns; turn++) await Promise.resolve();
  return value;
}

async function failLater(turns: number, error: unknown): Promise<never> {
  await later(turns, undefined);
  throw error;
}

const failureOf = (key: string): Error =>
  hashOf(`kind ${key}`) % 2 === 0
    ? new Error(`stub ${key.length}`)
    : new GatewayError('UNAVAILABLE', 'Expected a stub that answers; got none. Retry.', {
        after: key.length,
      });

/** Makes the values of stubs. The same key always gives the same value. */
class Stubs {
  readonly #prototypes = new Map<string, object>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly rates: StubRates,
  ) {}

  /** The object whose properties all objects of the type have. */
  prototypeOf({ name }: GraphQLObjectType): object {
    const prototype = this.#prototypes.get(name) ?? {};
    this.#prototypes.set(name, prototype);
    return prototype;
  }

  #is(what: Exclude<keyof StubRates, 'hasLateItems'>, key: string): boolean {
    return hashOf(`${what} ${key}`) % 1000 < this.rates[what];
  }

  /** A value, a promise of one, or an error: what a resolver may return. */
  resolved(type: GraphQLOutputType, key: string): unknown {
    if (this.#is('throw', key)) throw failureOf(key);
    if (this.#is('error', key)) return failureOf(key);
    const turns = hashOf(`turns ${key}`) % 4;
    if (this.#is('reject', key)) return failLater(turns, failureOf(key));
    const value = this.#value(type, key);
    return this.#is('promise', key) ? later(turns, value) : value;
  }

  typeName(key: string, name: string): string | Promise<string> {
    return this.#is('promise', key) ? later(1, name) : name;
  }

  #value(type: GraphQLOutputType, key: string): unknown {
    if (this.#is('null', key)) return hashOf(key) % 2 === 0 ? null : undefined;
    const inner = isNonNullType(type) ? type.ofType : type;
    if (isListType(inner)) {
      if (this.#is('badList', key)) return 7;
      const length = hashOf(`length ${key}`) % 4;
      return Array.from({ length }, (_, index) => this.#item(inner.ofType, `${key}[${index}]`));
    }
    if (isLeafType(inner)) {
      if (this.#is('badLeaf', key)) return Symbol.for('bad');
      const values = isEnumType(inner) ? inner.getValues().map(({ value }) => value) : leafValues[inner.name];
      return values[hashOf(`leaf ${key}`) % values.length];
    }
    if (isAbstractType(inner)) {
      const types = this.schema.getPossibleTypes(inner);
      return this.#object(types[hashOf(`type ${key}`) % types.length], key);
    }
    return this.#object(inner, key);
  }

  #object(type: GraphQLObjectType, key: string): StubObject {
    return Object.assign(Object.create(this.prototypeOf(type)), { __typename: type.name, stubKey: key });
  }

  #item(type: GraphQLOutputType, key: string): unknown {
    if (isLeafType(getNullableType(type))) return this.#value(type, key);
    try {
      const item = this.resolved(type, key);
      return this.rates.hasLateItems ? later(0, item) : item;
    } catch (error) {
      return this.rates.hasLateItems ? failLater(0, error) : error;
    }
  }
}

/** Makes the field a property of its object: a method when it has arguments, a getter otherwise. */
function addProperty(prototype: object, field: GraphQLField<unknown, unknown>, read: ReadStub): void {
  delete field.resolve;
  const property: PropertyDescriptor =
    field.args.length > 0
      ? {
          value(this: StubObject, args: object) {
            return read(this, args);
          },
        }
      : {
          get(this: StubObject) {
            return read(this, {});
          },
        };
  Object.defineProperty(prototype, field.name, property);
}

/**
 * Gives every field of a schema a value that depends on nothing but its object, name and arguments. Some are promises,
 * some fail. Half of the fields have a resolver; the others are properties of their object, as in plain rows.
 */
export function stubResolvers(schema: GraphQLSchema, rates: StubRates): void {
  const stubs = new Stubs(schema, rates);
  for (const type of objectTypesOf(schema)) {
    type.isTypeOf = undefined;
    const prototype = stubs.prototypeOf(type);
    const isRoot = type === schema.getQueryType() || type === schema.getMutationType();
    for (const field of Object.values(type.getFields())) {
      const read: ReadStub = (source, args) =>
        stubs.resolved(field.type, `${source?.stubKey ?? ''}/${field.name}${JSON.stringify(args)}`);
      const isProperty = !isRoot && hashOf(`property ${type.name}.${field.name}`) % 2 === 0;
      if (isProperty) addProperty(prototype, field, read);
      else field.resolve = (source, args) => read(source as StubObject | undefined, args);
    }
  }
  for (const type of Object.values(schema.getTypeMap())) {
    if (isAbstractType(type))
      type.resolveType = ({ stubKey, __typename }: StubObject) => stubs.typeName(stubKey, __typename);
  }
}
