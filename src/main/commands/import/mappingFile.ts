import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { GatewayError } from '../../../domain/errors';
import { timeFormats } from '../../../intake/conversion';
import { encodings } from '../../../intake/lineSplitter';
import { type Mapping, mappableFields } from '../../../intake/mapping';

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
      time: z.enum(timeFormats).optional(),
      scale: z.number().positive().optional(),
      split: z.string().min(1).optional(),
    }),
  ])
  .refine(
    value => 'constant' in value !== (value.column !== undefined),
    'either a column or a constant, not both',
  );

const rules = (kind: keyof typeof mappableFields) =>
  z
    .record(z.string(), rule)
    .refine(
      fields => Object.keys(fields).every(field => isMappable(kind, field)),
      `only the fields ${mappableFields[kind].join(', ')}${kind === 'event' ? '' : ' and attributes.NAME'}`,
    );

function isMappable(kind: keyof typeof mappableFields, field: string): boolean {
  const fields: readonly string[] = mappableFields[kind];
  return fields.includes(field) || (kind !== 'event' && /^attributes\..{1,64}$/.test(field));
}

const mappingSchema = z
  .strictObject({
    format: z.enum(['csv', 'tsv', 'jsonl']),
    delimiter: z.string().min(1).max(8).optional(),
    encoding: z.enum(encodings).optional(),
    columns: z.array(z.string().min(1)).min(1).optional(),
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

/**
 * Reads and validates a mapping file.
 *
 * @throws {GatewayError} IMPORT_INVALID with every invalid path
 */
export async function readMapping(path: string): Promise<Mapping> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw invalid(path, 'the file cannot be read', error);
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

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(path, 'it is not JSON', error);
  }
}

function invalid(path: string, got: string, cause?: unknown): GatewayError {
  const message = `Expected a mapping as docs/import.md describes in ${path}; got: ${got}. Correct it and start again.`;
  return new GatewayError('IMPORT_INVALID', message, { path }, { cause });
}
