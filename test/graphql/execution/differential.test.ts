import {
  type ExecutionResult,
  type GraphQLError,
  GraphQLList,
  GraphQLNonNull,
  type GraphQLSchema,
  isObjectType,
  parse,
  validate,
  visit,
} from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import {
  createPlannedExecutor,
  createReferenceExecutor,
  type Execution,
  type Executor,
} from '../../../src/graphql/execution/executor';
import { buildGatewaySchema } from '../../../src/graphql/schema';
import { randomDocument } from '../../support/randomDocuments';
import { stubMixtures, stubResolvers } from '../../support/stubResolvers';

/** Documents per run. `FUZZ_DOCUMENTS` tries more. */
const documents = Number(process.env['FUZZ_DOCUMENTS'] ?? 150);
const runs = 3;

/** The fields of an error that a client or a log sees. */
const errorText = (error: GraphQLError): string =>
  JSON.stringify([error.message, error.path, error.locations, error.extensions, error.originalError?.name]);

/** Data with the order of its keys, and the errors in any order. */
const answerText = ({ data, errors, ...rest }: ExecutionResult): string =>
  JSON.stringify([data, errors?.map(errorText).sort(), Object.keys(rest)]);

interface Tried {
  readonly valid: number;
  readonly withConditions: number;
  readonly withErrors: number;
  readonly differences: readonly string[];
}

async function answerOf(executor: Executor, execution: Execution): Promise<string> {
  return answerText(await executor(execution));
}

/** What to try. */
interface Trial {
  readonly count: number;
  /** Whether variables may be null. A null that is refused inside a list ends graphql-js; see stubMixtures. */
  readonly hasNulls: boolean;
  /** Number of differences after which no further document is tried; absent: all are tried. */
  readonly enough?: number;
}

/** Executes the documents of the seeds with both executors, each document several times. */
async function tryDocuments(
  schema: GraphQLSchema,
  executor: Executor,
  { count, hasNulls, enough = Number.POSITIVE_INFINITY }: Trial,
): Promise<Tried> {
  const reference = createReferenceExecutor(schema);
  const differences: string[] = [];
  const tried = { valid: 0, withConditions: 0, withErrors: 0 };
  for (let seed = 0; seed < count && differences.length < enough; seed++) {
    const { text, variables } = randomDocument(schema, seed);
    const document = parse(text);
    const isRefused = !hasNulls && Object.values(variables).includes(null);
    if (isRefused || validate(schema, document).length > 0) continue;
    tried.valid++;
    if (/@skip|@include/.test(text)) tried.withConditions++;
    const execution = { document, operationName: undefined, variables, context: {} as never };
    const expected = await answerOf(reference, execution);
    if (expected.includes('"[')) tried.withErrors++;
    for (let run = 0; run < runs; run++) {
      const answer = await answerOf(executor, execution);
      if (answer !== expected)
        differences.push(
          `seed ${seed}, run ${run}\n${text}\n${JSON.stringify(variables)}\n${expected}\n${answer}`,
        );
    }
  }
  return { ...tried, differences };
}

function stubbedSchema(mixture: keyof typeof stubMixtures): GraphQLSchema {
  const schema = buildGatewaySchema();
  stubResolvers(schema, stubMixtures[mixture]);
  return schema;
}

test.each(['atOnce', 'later', 'both'] as const)('answers as graphql-js does: %s', async mixture => {
  const schema = stubbedSchema(mixture);
  const trial = { count: documents, hasNulls: mixture !== 'later' };
  const tried = await tryDocuments(schema, createPlannedExecutor(schema), trial);
  expect(tried.differences.slice(0, 3)).toEqual([]);
  expect(tried.valid).toBeGreaterThan(documents / 2);
  expect(tried.withConditions).toBeGreaterThan(tried.valid / 2);
  expect(tried.withErrors).toBeGreaterThan(tried.valid / 10);
});

/** graphql-jit as this gateway once used it. */
function createJitExecutor(schema: GraphQLSchema): Executor {
  return async ({ document, variables }) => {
    const compiled = compileQuery(schema, document);
    return isCompiledQuery(compiled) ? compiled.query(undefined, {}, variables) : compiled;
  };
}

/** Ignores that a fragment may be spread again under other conditions. */
function createForgetfulExecutor(schema: GraphQLSchema): Executor {
  const reference = createReferenceExecutor(schema);
  return execution => {
    const spread = new Set<string>();
    const document = visit(execution.document, {
      FragmentSpread({ name: { value } }) {
        if (spread.has(value)) return null;
        spread.add(value);
        return undefined;
      },
    });
    return reference({ ...execution, document });
  };
}

test.each([
  ['graphql-jit 0.8.9', createJitExecutor],
  ['an executor that spreads each fragment once', createForgetfulExecutor],
])('finds the fields that %s loses', async (_name, create) => {
  const schema = stubbedSchema('faultless');
  // Compiling every document would take graphql-jit a minute.
  const trial = { count: 300, hasNulls: true, enough: 11 };
  const { differences } = await tryDocuments(schema, create(schema), trial);
  expect(differences.length).toBeGreaterThan(10);
});

/** The document of the first report: a fragment that is spread twice, once under a condition. */
const twice = `query Page($id: ID!, $card: Boolean!) { product(productId: $id) { ...Card @include(if: $card) ...Detail } }
  fragment Card on Product { title price { amountMinor } }
  fragment Detail on Product { stock ...Card }`;

test('keeps a fragment that is spread twice under different conditions, each time', async () => {
  const schema = stubbedSchema('faultless');
  const executor = createPlannedExecutor(schema);
  const document = parse(twice);
  for (const card of [false, true, false, false, true, true]) {
    const variables = { id: 'sku-10001', card };
    const { data } = await executor({ document, operationName: undefined, variables, context: {} as never });
    const keys = card ? ['title', 'price', 'stock'] : ['stock', 'title', 'price'];
    expect(Object.keys(data?.['product'] ?? {})).toEqual(keys);
  }
});

test('leaves no rejection without a handler when an item of a list fails at once and another later', async () => {
  const schema = buildGatewaySchema();
  const { shop } = schema.getQueryType()?.getFields() ?? {};
  const type = schema.getType('Product');
  if (!isObjectType(type)) throw new Error('Expected a type Product.');
  shop.type = new GraphQLList(new GraphQLNonNull(type));
  shop.resolve = () => [Promise.reject(new Error('later')), null];
  const executor = createPlannedExecutor(schema);
  const document = parse('{ shop { __typename } }');
  const result = await executor({ document, operationName: undefined, variables: {}, context: {} as never });
  await new Promise(resolve => setImmediate(resolve));
  expect(result.data).toEqual({ shop: null });
  expect(result.errors?.map(({ path }) => path)).toEqual([['shop', 1]]);
});
