import { z } from 'zod';
import { GatewayError } from '../../../domain/errors';
import { interactionTypes } from '../../../domain/interaction';
import { timeFormats, timeReaderOf } from '../../../intake/conversion';
import { parseExactJson, repeatedName } from '../../../intake/exactJson';
import { encodings } from '../../../intake/lineSplitter';
import { type Mapping, mappableFields } from '../../../intake/mapping';
import { patternHelp } from '../../../intake/timePattern';
import { contentOf, ForeignFormatError } from '../../files/inputFile';

const rule = z
  .union([
    z
      .string()
      .min(1)
      .transform(column => ({ column })),
    z.strictObject({
      column: z.string().min(1).optional(),
      constant: z.union([z.string(), z.number(), z.boolean()]).optional(),
      map: z.record(z.string(), z.string()).optional(),
      time: z
        .string()
        .refine(format => timeReaderOf(format), `one of ${timeFormats.join(', ')}, or ${patternHelp}`)
        .optional(),
      scale: z.number().positive().optional(),
      split: z.string().min(1).optional(),
    }),
  ])
  .refine(
    value => 'constant' in value !== (value.column !== undefined),
    'either a column or a constant, not both',
  );

type RowKind = keyof typeof mappableFields;
type Rule = z.infer<typeof rule>;

/** Fields without which every line would be rejected. An event without a mapped id gets one. */
const requiredFields: Readonly<Record<RowKind, readonly string[]>> = {
  event: ['userId', 'type'],
  product: ['id'],
  user: ['id'],
};

/** Words that a field takes, where there are few. */
const fieldWords: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['type', interactionTypes],
  ['isActive', ['true', 'false']],
]);

/** Values that a rule gives whatever the file holds. */
const fixedValues = (given: Rule): readonly unknown[] => [
  ...('constant' in given ? [given.constant] : []),
  ...('map' in given ? Object.values(given.map ?? {}) : []),
];

/** Returns every problem with the fields of one kind of row. */
function problemsOf(kind: RowKind, fields: Readonly<Record<string, Rule>>): readonly string[] {
  const allowed = `${mappableFields[kind].join(', ')}${kind === 'event' ? '' : ' and attributes.NAME'}`;
  const unknown = Object.keys(fields).filter(field => !isMappable(kind, field));
  const missing = requiredFields[kind].filter(field => !Object.hasOwn(fields, field));
  return [
    ...unknown.map(field => `only the fields ${allowed}, not ${field}`),
    ...missing.map(field => `the field ${field}, without which every line is rejected`),
    ...Object.entries(fields).flatMap(([field, given]) => wordProblems(field, given)),
  ];
}

function wordProblems(field: string, given: Rule): readonly string[] {
  const words = fieldWords.get(field);
  if (words === undefined) return [];
  return fixedValues(given)
    .filter(value => !words.includes(String(value)))
    .map(value => `${field}: one of ${words.join(', ')}, not ${JSON.stringify(value)}`);
}

const rules = (kind: RowKind) =>
  z.record(z.string(), rule).superRefine((fields, context) => {
    for (const message of problemsOf(kind, fields)) context.addIssue({ code: 'custom', message });
  });

function isMappable(kind: RowKind, field: string): boolean {
  const fields: readonly string[] = mappableFields[kind];
  return fields.includes(field) || (kind !== 'event' && /^attributes\..{1,64}$/.test(field));
}

const mappingSchema = z
  .strictObject({
    format: z.enum(['csv', 'tsv', 'jsonl']),
    delimiter: z.string().min(1).max(8).optional(),
    encoding: z.enum(encodings).optional(),
    columns: z
      .array(z.string().min(1))
      .min(1)
      .refine(names => new Set(names).size === names.length, 'each name once')
      .optional(),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'three capital letters (ISO 4217)')
      .optional(),
    event: rules('event').optional(),
    product: rules('product').optional(),
    user: rules('user').optional(),
  })
  .refine(
    mapping => mapping.event ?? mapping.product ?? mapping.user,
    'at least one of event, product and user',
  );

/** Reads a text without its byte order mark. */
async function readText(path: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of contentOf(path)) chunks.push(chunk);
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/**
 * Reads and validates a mapping file.
 *
 * @throws {GatewayError} IMPORT_INVALID with every invalid path
 */
export async function readMapping(path: string): Promise<Mapping> {
  const text = await readText(path).catch((error: unknown) => {
    const { format } = error instanceof ForeignFormatError ? error : {};
    throw invalid(path, format ? `${format.name}. ${format.remedy}` : 'the file cannot be read', error);
  });
  return parseMapping(text, path);
}

/**
 * Parses and validates the text of a mapping.
 *
 * @throws {GatewayError} IMPORT_INVALID with every invalid path
 */
export function parseMapping(text: string, path: string): Mapping {
  const parsed = mappingSchema.safeParse(parseJson(text, path));
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.map(
    issue => `${issue.path.join('.') || 'the mapping'}: ${issue.message}`,
  );
  throw invalid(path, places.join('; '));
}

/** Returns whether an object at any depth has the name `__proto__`, which the schema would drop without a word. */
const namesPrototype = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(value).some(([name, inner]) => name === '__proto__' || namesPrototype(inner));

function parseJson(text: string, path: string): unknown {
  const value = parseOrFail(text, path);
  if (namesPrototype(value)) throw invalid(path, 'the name "__proto__", which no field has');
  const repeated = repeatedName(text);
  if (repeated !== null) throw invalid(path, `the name ${JSON.stringify(repeated)} twice in one object`);
  return value;
}

function parseOrFail(text: string, path: string): unknown {
  try {
    return parseExactJson(text);
  } catch (error) {
    throw invalid(path, 'it is not JSON', error);
  }
}

function invalid(path: string, got: string, cause?: unknown): GatewayError {
  const message = `Expected a mapping as docs/import.md describes in ${path}; got: ${got}. Correct it and start again.`;
  return new GatewayError('IMPORT_INVALID', message, { path }, { cause });
}
