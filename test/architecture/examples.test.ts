import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildSchema,
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql';

const root = join(__dirname, '..', '..');
const schema = buildSchema(readFileSync(join(root, 'schema.graphql'), 'utf8'));

/** The blocks of GraphQL on a page. */
const blocksOf = (markdown: string): readonly string[] =>
  Array.from(markdown.matchAll(/^```graphql\n(.*?)^```/gms), ([, code]) => code);

/** Each operation as a document of its own, since a page may show several without names. */
function operationsOf(block: string): readonly DocumentNode[] {
  const { definitions } = parse(block);
  const fragments = definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  return definitions
    .filter((node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION)
    .map(operation => ({ kind: Kind.DOCUMENT, definitions: [operation, ...fragments] }));
}

/** Messages about a block that the schema would refuse; empty for a right one. */
const problemsOf = (against: GraphQLSchema, block: string): readonly string[] =>
  operationsOf(block).flatMap(document => validate(against, document).map(({ message }) => message));

const pages = [
  ...readdirSync(root),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map(name => join('docs', name)),
].filter(name => name.endsWith('.md'));
const examples = pages.flatMap(page =>
  blocksOf(readFileSync(join(root, page), 'utf8')).map((block, at) => ({ page, at: at + 1, block })),
);

it('finds the examples of the documentation', () => {
  expect(new Set(examples.map(({ page }) => page))).toContain('README.md');
  expect(examples.length).toBeGreaterThan(15);
});

it.each(examples)('example $at of $page is valid against the schema', ({ block }) => {
  expect(problemsOf(schema, block)).toEqual([]);
});

it('refuses an example with a field that does not exist', () => {
  expect(problemsOf(schema, '{ viewer { shoeSize } }')).toEqual([
    expect.stringContaining('Cannot query field "shoeSize"'),
  ]);
});
