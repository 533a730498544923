// Reads the tokenizer of a model's folder: `tokenizer.json` of Hugging Face's tokenizers (WordPiece and Unigram), or
// BERT's `vocab.txt`.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { GatewayError } from '../../domain/errors';
import type { Tokenizer } from './tokenizer';
import { unigramIds, unigramModel } from './unigram';
import { wordPieceIds } from './wordPiece';

const step: z.ZodType<Step> = z.looseObject({
  type: z.string().optional(),
  lowercase: z.boolean().optional(),
  strip_accents: z.boolean().nullish(),
  normalizers: z.lazy(() => z.array(step)).optional(),
});

/** A normalization step, possibly a sequence of steps. */
interface Step {
  readonly type?: string | undefined;
  readonly lowercase?: boolean | undefined;
  readonly strip_accents?: boolean | null | undefined;
  readonly normalizers?: readonly Step[] | undefined;
}

const wordPiece = z.looseObject({
  type: z.literal('WordPiece'),
  unk_token: z.string().default('[UNK]'),
  continuing_subword_prefix: z.string().default('##'),
  vocab: z.record(z.string(), z.number()),
});

const unigram = z.looseObject({
  type: z.literal('Unigram'),
  unk_id: z.number().nullish(),
  vocab: z.array(z.tuple([z.string(), z.number()])),
});

const special = z.object({ SpecialToken: z.object({ id: z.string() }) });
const pair = z.tuple([z.string(), z.number()]);

const tokenizerFile = z.looseObject({
  truncation: z.looseObject({ max_length: z.number() }).nullish(),
  added_tokens: z.array(z.looseObject({ id: z.number(), content: z.string() })).default([]),
  normalizer: step.nullish(),
  post_processor: z
    .looseObject({
      single: z.array(z.union([special, z.looseObject({})])).optional(),
      cls: pair.optional(),
      sep: pair.optional(),
    })
    .nullish(),
  model: z.discriminatedUnion('type', [wordPiece, unigram]),
});

type TokenizerFile = z.infer<typeof tokenizerFile>;

/** Returns a step and all steps nested in it. */
const flat = (steps: Step | null | undefined): readonly Step[] =>
  steps ? [steps, ...(steps.normalizers ?? []).flatMap(inner => flat(inner))] : [];

const refuse = (expected: string, got: string): GatewayError =>
  new GatewayError(
    'ENCODER_INVALID',
    `Expected ${expected} in the encoder's folder; got ${got}. Use a model whose tokenizer is WordPiece or Unigram.`,
    { expected, got },
  );

/** Returns the special ids around a text, from the template or the older `cls` and `sep` fields. */
function frameOf(
  { post_processor: frame, added_tokens: added }: TokenizerFile,
  idOf: (token: string) => number | undefined,
): Pick<Tokenizer, 'prefix' | 'suffix'> {
  if (frame?.cls && frame.sep) return { prefix: [frame.cls[1]], suffix: [frame.sep[1]] };
  const template = frame?.single ?? [];
  const own = template.findIndex(part => !('SpecialToken' in part));
  const idsIn = (parts: typeof template): readonly number[] =>
    parts.flatMap(part => {
      const parsed = special.safeParse(part);
      if (!parsed.success) return [];
      const { id: token } = parsed.data.SpecialToken;
      const id = added.find(({ content }) => content === token)?.id ?? idOf(token);
      if (id === undefined) throw refuse('an id for every special token', 'one without');
      return [id];
    });
  return { prefix: idsIn(template.slice(0, Math.max(0, own))), suffix: idsIn(template.slice(own + 1)) };
}

function wordPieceTokenizer(file: TokenizerFile, model: z.infer<typeof wordPiece>): Tokenizer {
  const vocabulary = new Map(Object.entries(model.vocab));
  const unknownId = vocabulary.get(model.unk_token);
  if (unknownId === undefined) throw refuse('an id for unknown words', 'none');
  const steps = flat(file.normalizer);
  const isLowercase = steps.some(({ type, lowercase }) => type === 'Lowercase' || lowercase === true);
  const bert = steps.find(({ type }) => type === 'BertNormalizer');
  const options = {
    vocabulary,
    unknownId,
    continuation: model.continuing_subword_prefix,
    isLowercase,
    stripsAccents: bert
      ? (bert.strip_accents ?? isLowercase)
      : steps.some(({ type }) => type === 'StripAccents'),
  };
  return {
    idsOf: text => wordPieceIds(text, options),
    ...frameOf(file, token => vocabulary.get(token)),
    longest: file.truncation?.max_length ?? null,
  };
}

function unigramTokenizer(
  file: TokenizerFile,
  { vocab, unk_id: unknownId }: z.infer<typeof unigram>,
): Tokenizer {
  const model = unigramModel({
    pieces: new Map(vocab.map(([piece, score], id) => [piece, { id, score }])),
    unknownId: unknownId ?? 0,
    isLowercase: flat(file.normalizer).some(
      ({ type, lowercase }) => type === 'Lowercase' || lowercase === true,
    ),
  });
  return {
    idsOf: text => unigramIds(text, model),
    ...frameOf(file, token => model.pieces.get(token)?.id),
    longest: file.truncation?.max_length ?? null,
  };
}

/** BERT's vocab.txt: one piece per line, whose line number is its id. Assumes lower case, as nearly all such models use. */
function vocabularyTokenizer(text: string): Tokenizer {
  const vocabulary = new Map(text.split(/\r?\n/).map((piece, id) => [piece, id]));
  const [unknownId, cls, sep] = ['[UNK]', '[CLS]', '[SEP]'].map(token => vocabulary.get(token));
  if (unknownId === undefined || cls === undefined || sep === undefined)
    throw refuse('[UNK], [CLS] and [SEP] in vocab.txt', 'fewer');
  const options = { vocabulary, unknownId, continuation: '##', isLowercase: true, stripsAccents: true };
  return { idsOf: text => wordPieceIds(text, options), prefix: [cls], suffix: [sep], longest: null };
}

const readOrNull = (path: string): Promise<string | null> => readFile(path, 'utf8').catch(() => null);

function parseTokenizer(json: string): Tokenizer {
  let content: unknown;
  try {
    content = JSON.parse(json);
  } catch {
    throw refuse('JSON in tokenizer.json', 'another format');
  }
  const parsed = tokenizerFile.safeParse(content);
  if (!parsed.success)
    throw refuse(
      'a WordPiece or Unigram tokenizer.json',
      parsed.error.issues[0].path.join('.') || 'another kind',
    );
  const file = parsed.data;
  return file.model.type === 'WordPiece'
    ? wordPieceTokenizer(file, file.model)
    : unigramTokenizer(file, file.model);
}

/**
 * Reads the tokenizer of a model's folder.
 *
 * @throws {GatewayError} ENCODER_INVALID when it is missing or of another kind
 */
export async function readTokenizer(folder: string): Promise<Tokenizer> {
  const json = await readOrNull(join(folder, 'tokenizer.json'));
  if (json !== null) return parseTokenizer(json);
  const vocabulary = await readOrNull(join(folder, 'vocab.txt'));
  if (vocabulary !== null) return vocabularyTokenizer(vocabulary);
  throw refuse('tokenizer.json or vocab.txt', 'neither');
}
