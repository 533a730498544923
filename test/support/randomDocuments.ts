import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { createRng } from '../../src/numeric/rng';

/** A document and the variables of one request. */
export interface RandomDocument {
  readonly text: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Random choices from one seed. */
class Choices {
  readonly #rng;

  constructor(seed: number) {
    this.#rng = createRng(seed);
  }

  below(count: number): number {
    return Math.floor(this.#rng.uniform() * count);
  }

  chance(probability: number): boolean {
    return this.#rng.uniform() < probability;
  }

  of<Value>(values: readonly Value[]): Value {
    return values[this.below(values.length)];
  }
}

interface Variable {
  readonly name: string;
  readonly type: GraphQLInputType | 'Boolean!' | 'Boolean';
  readonly defaultText: string | null;
}

/** Scalars with a valid literal; the text is JSON, so it is a valid value of a variable too. */
const scalarTexts: Readonly<Record<string, readonly string[]>> = {
  Int: ['0', '1', '7', '-3'],
  SafeInt: ['0', '9007199254740991'],
  Float: ['0', '0.5', '1', '-2.25'],
  String: ['""', '"a"', '"constructor"', '"zh-TW"', '"茶"'],
  ID: ['"p01"', '7', '"UHJvZHVjdDpwMDE"'],
  Boolean: ['true', 'false'],
  DateTime: ['"2026-03-01T09:30:00Z"', '"2026-03-01T09:30:00.123+02:00"'],
  JSONObject: ['{}'],
};

/** How a value is written: in a document, in one without variables, or in JSON. */
type ValueForm = 'open' | 'constant' | 'json';

/** Writes one document. Documents that break a rule of validation are the caller's to drop. */
class Writer {
  readonly #variables: Variable[] = [];
  readonly #fragments: { readonly name: string; readonly type: string; text: string }[] = [];
  readonly #fieldTexts = new Map<string, string>();
  #fields = 0;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly choices: Choices,
  ) {}

  write(): RandomDocument {
    const { choices, schema } = this;
    const operation = choices.chance(0.15) ? 'mutation' : 'query';
    const root = operation === 'mutation' ? schema.getMutationType() : schema.getQueryType();
    if (!root) throw new Error(`Expected a schema with a ${operation} type.`);
    const selection = this.#selection(root, 0);
    const definitions = this.#variables.map(({ name, type, defaultText }) => {
      const withDefault = defaultText === null ? '' : ` = ${defaultText}`;
      return `$${name}: ${type}${withDefault}`;
    });
    const header = definitions.length > 0 ? ` (${definitions.join(', ')})` : '';
    const fragments = this.#fragments.map(({ name, type, text }) => `fragment ${name} on ${type} ${text}`);
    return {
      text: [`${operation} Random${header} ${selection}`, ...fragments].join('\n'),
      variables: Object.fromEntries(this.#variables.flatMap(variable => this.#valueOf(variable))),
    };
  }

  #valueOf({ name, type, defaultText }: Variable): readonly (readonly [string, unknown])[] {
    const isRequired = type === 'Boolean!' || (typeof type !== 'string' && isNonNullType(type));
    if (!isRequired && this.choices.chance(0.3)) return [];
    // Null for a variable with a default may break a non-null position. graphql-js reports that at the field.
    if (!isRequired && this.choices.chance(defaultText === null ? 0.2 : 0.05)) return [[name, null]];
    if (typeof type === 'string') return [[name, this.choices.chance(0.5)]];
    return [[name, JSON.parse(this.#jsonText(type))]];
  }

  #jsonText(type: GraphQLInputType): string {
    return this.#literal(type, 1, 'json');
  }

  #literal(type: GraphQLInputType, depth: number, form: ValueForm): string {
    const { choices } = this;
    if (!isNonNullType(type) && choices.chance(0.1)) return 'null';
    if (form === 'open' && choices.chance(0.35)) return `$${this.#variableFor(type)}`;
    const closed = form === 'json' ? 'json' : 'constant';
    const inner = getNullableType(type);
    if (isListType(inner)) {
      const count = choices.below(3);
      if (count === 1 && choices.chance(0.3)) return this.#literal(inner.ofType, depth + 1, closed);
      const items = Array.from({ length: count }, () => this.#literal(inner.ofType, depth + 1, form));
      return `[${items.join(', ')}]`;
    }
    if (isEnumType(inner)) {
      const { name } = choices.of(inner.getValues());
      return form === 'json' ? JSON.stringify(name) : name;
    }
    if (isInputObjectType(inner)) {
      const fields = Object.values(inner.getFields()).filter(
        field =>
          (isNonNullType(field.type) && field.defaultValue === undefined) || choices.chance(0.25 / depth),
      );
      const entries = fields.map(field => {
        const key = form === 'json' ? JSON.stringify(field.name) : field.name;
        return `${key}: ${this.#literal(field.type, depth + 1, form)}`;
      });
      return `{${entries.join(', ')}}`;
    }
    return choices.of(scalarTexts[getNamedType(inner).name]);
  }

  #variableFor(type: GraphQLInputType): string {
    const { choices } = this;
    const same = this.#variables.filter(variable => String(variable.type) === String(type));
    if (same.length > 0 && choices.chance(0.5)) return choices.of(same).name;
    const name = `v${this.#variables.length}`;
    const nullable = getNullableType(type);
    // A nullable variable with a default may stand where null is not allowed.
    const isLoose = isNonNullType(type) && choices.chance(0.3);
    const declared = isLoose ? nullable : type;
    const defaultText = isLoose || choices.chance(0.3) ? this.#constant(declared) : null;
    this.#variables.push({ name, type: declared, defaultText });
    return name;
  }

  /** A literal that is not null. */
  #constant(type: GraphQLInputType): string {
    for (;;) {
      const text = this.#literal(type, 1, 'constant');
      if (text !== 'null') return text;
    }
  }

  #directives(): string {
    const { choices } = this;
    if (!choices.chance(0.25)) return '';
    const kinds = choices.chance(0.15) ? ['skip', 'include'] : [choices.of(['skip', 'include'])];
    return kinds.map(kind => ` @${kind}(if: ${this.#condition()})`).join('');
  }

  #condition(): string {
    const { choices } = this;
    if (choices.chance(0.25)) return String(choices.chance(0.5));
    const known = this.#variables.filter(({ type }) => type === 'Boolean!' || type === 'Boolean');
    if (known.length > 2 || (known.length > 0 && choices.chance(0.5))) return `$${choices.of(known).name}`;
    const name = `c${this.#variables.length}`;
    const isNullable = choices.chance(0.2);
    const defaultText = isNullable || choices.chance(0.2) ? String(choices.chance(0.5)) : null;
    this.#variables.push({ name, type: isNullable ? 'Boolean' : 'Boolean!', defaultText });
    return `$${name}`;
  }

  #selection(type: GraphQLNamedType, depth: number): string {
    const { choices } = this;
    const count = 1 + choices.below(depth === 0 ? 3 : 4);
    const parts = Array.from({ length: count }, () => this.#part(type, depth));
    return `{ ${parts.join(' ')} }`;
  }

  #part(type: GraphQLNamedType, depth: number): string {
    const { choices } = this;
    const draw = choices.below(20);
    if (draw < 4) return this.#spread(type, depth);
    if (draw < 7) {
      const on = choices.chance(0.3) ? null : this.#narrower(type);
      const selection = this.#selection(on ?? type, depth);
      return `...${on === null ? '' : ` on ${on.name}`}${this.#directives()} ${selection}`;
    }
    if (draw === 7)
      return `${choices.of(['', '', 'kind: ', '__proto__: ', 'constructor: '])}__typename${this.#directives()}`;
    return this.#field(type, depth);
  }

  /** A type whose fragments may be spread where `type` is expected. */
  #narrower(type: GraphQLNamedType): GraphQLNamedType {
    const { schema, choices } = this;
    if (isAbstractType(type)) return choices.of([type, ...schema.getPossibleTypes(type)]);
    if (isObjectType(type)) return choices.of([type, type, ...type.getInterfaces()]);
    return type;
  }

  #spread(type: GraphQLNamedType, depth: number): string {
    const { choices } = this;
    const on = this.#narrower(type);
    const usable = this.#fragments.filter(fragment => fragment.type === on.name && fragment.text !== '');
    if (usable.length > 0 && choices.chance(0.75))
      return `...${choices.of(usable).name}${this.#directives()}`;
    const fragment = { name: `F${this.#fragments.length}`, type: on.name, text: '' };
    this.#fragments.push(fragment);
    fragment.text = this.#selection(on, depth);
    return `...${fragment.name}${this.#directives()}`;
  }

  #field(type: GraphQLNamedType, depth: number): string {
    const { choices } = this;
    if (!isObjectType(type) && !isInterfaceType(type)) return '__typename';
    const fields = Object.values(type.getFields());
    const leaves = fields.filter(field => !isCompositeType(getNamedType(field.type)));
    const isDeep = depth >= 4 || this.#fields > 30;
    if (isDeep && leaves.length === 0) return '__typename';
    const field = choices.of(isDeep ? leaves : fields);
    this.#fields++;
    const [alias, call] = this.#call(type, field);
    const inner = getNamedType(field.type);
    const selection = isCompositeType(inner) ? ` ${this.#selection(inner, depth + 1)}` : '';
    return `${alias}${call}${this.#directives()}${selection}`;
  }

  /** The alias and the call of a field. A field that is repeated mostly has the same arguments, so that it is merged. */
  #call(type: GraphQLNamedType, field: GraphQLField<unknown, unknown>): readonly [string, string] {
    const { choices } = this;
    const key = `${type.name}.${field.name}`;
    const known = this.#fieldTexts.get(key);
    if (known !== undefined && choices.chance(0.8)) return ['', known];
    const call = `${field.name}${this.#arguments(field.args)}`;
    if (known === undefined) {
      this.#fieldTexts.set(key, call);
      return [choices.chance(0.1) ? `a_${field.name}: ` : '', call];
    }
    return [`b${this.#fields}: `, call];
  }

  #arguments(args: readonly GraphQLArgument[]): string {
    const given = args.filter(argument => isRequiredArgument(argument) || this.choices.chance(0.3));
    if (given.length === 0) return '';
    return `(${given.map(({ name, type }) => `${name}: ${this.#literal(type, 1, 'open')}`).join(', ')})`;
  }
}

/** Returns a document of the seed: fragments that are nested and repeated, conditions, aliases, abstract types, variables. */
export const randomDocument = (schema: GraphQLSchema, seed: number): RandomDocument =>
  new Writer(schema, new Choices(seed)).write();

/** Object types of a schema, without those of introspection. */
export const objectTypesOf = (schema: GraphQLSchema): readonly GraphQLObjectType[] =>
  Object.values(schema.getTypeMap()).filter(
    (type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith('__'),
  );
