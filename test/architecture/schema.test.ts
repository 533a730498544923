import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type GraphQLArgument,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import { roles } from '../../src/domain/role';
import { isRule, ruleOf } from '../../src/graphql/access/access';
import { accessTable, modules } from '../../src/graphql/modules';
import { buildGatewaySchema } from '../../src/graphql/schema';
import { schemaText } from '../../src/graphql/schemaText';

const schema = buildGatewaySchema();
const root = join(__dirname, '..', '..');

const ourTypes = (from: GraphQLSchema): readonly GraphQLNamedType[] =>
  Object.values(from.getTypeMap()).filter(type => !isIntrospectionType(type) && !isSpecifiedScalarType(type));

/** Types with personal data or secrets. Each of their fields needs its own rule. */
const sensitiveTypes = [
  'Query',
  'Mutation',
  'Shop',
  'Viewer',
  'User',
  'UserConnection',
  'UserEdge',
  'Consent',
  'Interaction',
  'RecommendationList',
  'NextActionAnswer',
  'NextActionPrediction',
  'InterestTag',
  'InterestTagUser',
  'InterestTagUserConnection',
  'InterestTagUserEdge',
  'UserInterest',
  'UserInterestConnection',
  'UserInterestEdge',
  'InterestEvidence',
  'Campaign',
  'CampaignShopper',
  'TrainingRun',
  'ApiKey',
  'ApiKeyCreatePayload',
  'ApiKeyRevokePayload',
  'EventsTrackPayload',
  'ConsentUpdatePayload',
  'Subscription',
  'SubscriptionUpdatePayload',
  'SuppressionUpdatePayload',
] as const;

type Described = readonly [coordinate: string, description: unknown];

function fieldsOf(type: GraphQLNamedType): readonly Described[] {
  if (!(isObjectType(type) || isInterfaceType(type) || isInputObjectType(type))) return [];
  return Object.values(type.getFields()).flatMap((field): Described[] => {
    const coordinate = `${type.name}.${field.name}`;
    const args: readonly GraphQLArgument[] = 'args' in field ? field.args : [];
    return [
      [coordinate, field.description],
      ...args.map((argument): Described => [`${coordinate}(${argument.name}:)`, argument.description]),
    ];
  });
}

/** Everything that has a description in a schema, by its coordinate. */
const described = (from: GraphQLSchema): readonly Described[] =>
  ourTypes(from).flatMap(type => {
    const values = isEnumType(type) ? type.getValues() : [];
    return [
      [type.name, type.description],
      ...values.map((value): Described => [`${type.name}.${value.name}`, value.description]),
      ...fieldsOf(type),
    ];
  });

/** Every field of every output type. */
function* outputFields(from: GraphQLSchema): Generator<readonly [type: string, field: string]> {
  for (const type of ourTypes(from)) {
    if (!(isObjectType(type) || isInterfaceType(type))) continue;
    for (const field of Object.keys(type.getFields())) yield [type.name, field];
  }
}

const isSentence = (text: unknown): boolean =>
  typeof text === 'string' && text.length >= 8 && /[.)`]$/.test(text.trim());

describe('the schema', () => {
  it('equals schema.graphql; otherwise run `node scripts/schema.mjs` and review the difference', () => {
    const file = join(root, 'schema.graphql');
    expect(existsSync(file) ? readFileSync(file, 'utf8') : '').toBe(schemaText());
  });

  it('describes every type, field, argument, input field and enum value in a sentence', () => {
    const all = described(schema);
    expect(all.length).toBeGreaterThan(300);
    expect(all.filter(([, text]) => !isSentence(text)).map(([coordinate]) => coordinate)).toEqual([]);
  });

  it('names mutations object first, and every payload has userErrors', () => {
    for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
      expect(field.name).toMatch(
        /(Track|Upsert|Update|Start|Create|Revoke|Merge|Unmerge|Identify|Pause|Resume|Cancel)$/,
      );
      const payload = schema.getType(String(field.type).replace('!', ''));
      expect(isObjectType(payload) && payload.getFields()['userErrors']).toBeTruthy();
    }
  });
});

describe('the access table', () => {
  it('has a rule for every field that can be selected', () => {
    const without = [...outputFields(schema)].filter(
      ([type, field]) => ruleOf(accessTable, type, field).length === 0,
    );
    expect(without.map(([type, field]) => `${type}.${field}`)).toEqual([]);
  });

  it('has no rule for a field that the schema does not have', () => {
    const existing = new Set([...outputFields(schema)].map(([type, field]) => `${type}.${field}`));
    const named = Object.entries(accessTable).flatMap(([type, row]) =>
      isRule(row) ? [] : Object.keys(row).map(field => `${type}.${field}`),
    );
    expect(named.filter(coordinate => !existing.has(coordinate))).toEqual([]);
    const types = new Set([...outputFields(schema)].map(([type]) => type));
    expect(Object.keys(accessTable).filter(type => !types.has(type))).toEqual([]);
  });

  it.each(sensitiveTypes)('has one rule per field of %s', type => {
    expect(isRule(accessTable[type])).toBe(false);
  });

  it('refuses a field without a rule to every role', () => {
    for (const [type, field] of [
      ['Query', 'secrets'],
      ['Query', 'constructor'],
      ['Nothing', 'id'],
      ['User', 'toString'],
    ]) {
      expect(roles.filter(role => ruleOf(accessTable, type, field).includes(role))).toEqual([]);
    }
  });
});

describe('the node sources', () => {
  it('cover every type that implements Node, and no other', () => {
    const implementing = ourTypes(schema).filter(
      type => isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Node'),
    );
    const kinds = modules.flatMap(({ nodes = [] }) => nodes).map(({ kind }) => kind);
    expect([...kinds].sort()).toEqual(implementing.map(({ name }) => name).sort());
  });
});
