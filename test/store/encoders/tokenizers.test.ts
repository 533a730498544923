import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTokenizer } from '../../../src/store/encoders/readTokenizer';
import { framedIds } from '../../../src/store/encoders/tokenizer';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'affinity-tokenizer-'));
});
afterEach(() => rm(folder, { recursive: true }));

const write = (name: string, content: unknown): Promise<void> =>
  writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));

const bertPieces = [
  '[PAD]',
  '[UNK]',
  '[CLS]',
  '[SEP]',
  'cafe',
  'mug',
  '##s',
  '##mug',
  'un',
  '##aff',
  '##able',
  '杯',
  '子',
  '!',
  '$',
  '5',
];
const bertVocabulary = Object.fromEntries(bertPieces.map((piece, id) => [piece, id]));

const bert = {
  truncation: { max_length: 6, strategy: 'LongestFirst' },
  added_tokens: [
    { id: 2, content: '[CLS]' },
    { id: 3, content: '[SEP]' },
  ],
  normalizer: { type: 'BertNormalizer', lowercase: true, strip_accents: null },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  post_processor: {
    type: 'TemplateProcessing',
    single: [
      { SpecialToken: { id: '[CLS]', type_id: 0 } },
      { Sequence: { id: 'A', type_id: 0 } },
      { SpecialToken: { id: '[SEP]', type_id: 0 } },
    ],
  },
  model: { type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##', vocab: bertVocabulary },
};

const piecesOf = (ids: readonly number[], pieces: readonly string[]): readonly string[] =>
  ids.map(id => pieces[id]);

describe('WordPiece', () => {
  it('splits words into their longest pieces, and separates ideographs and punctuation', async () => {
    await write('tokenizer.json', bert);
    const { idsOf } = await readTokenizer(folder);
    const cut = (text: string) => piecesOf(idsOf(text), bertPieces);
    expect(cut('Unaffable MUGS')).toEqual(['un', '##aff', '##able', 'mug', '##s']);
    expect(cut('Café\u0000 杯子!$5')).toEqual(['cafe', '杯', '子', '!', '$', '5']);
    expect(cut('teapot mug')).toEqual(['[UNK]', 'mug']);
    expect(cut('mugsaff mugx')).toEqual(['mug', '##s', '##aff', '[UNK]']);
    expect(cut('x'.repeat(101))).toEqual(['[UNK]']);
    expect(cut(' \n')).toEqual([]);
  });

  it('adds special ids and truncates at the end', async () => {
    await write('tokenizer.json', bert);
    const tokenizer = await readTokenizer(folder);
    expect(tokenizer.longest).toBe(6);
    const framed = framedIds(tokenizer, 'mug mug mug mug mug mug', 6);
    expect(piecesOf(framed, bertPieces)).toEqual(['[CLS]', 'mug', 'mug', 'mug', 'mug', '[SEP]']);
  });

  it('keeps case and accents if the model does', async () => {
    const cased = { ...bert, normalizer: { type: 'BertNormalizer', lowercase: false, strip_accents: null } };
    await write('tokenizer.json', cased);
    const { idsOf } = await readTokenizer(folder);
    expect(piecesOf(idsOf('Mug café mug'), bertPieces)).toEqual(['[UNK]', '[UNK]', 'mug']);
  });

  it('reads vocab.txt, and the older fields of special ids', async () => {
    await write('vocab.txt', bertPieces.join('\n'));
    const plain = await readTokenizer(folder);
    expect(piecesOf(framedIds(plain, 'Mugs', 9), bertPieces)).toEqual(['[CLS]', 'mug', '##s', '[SEP]']);
    await write('tokenizer.json', {
      ...bert,
      post_processor: { type: 'BertProcessing', cls: ['[CLS]', 2], sep: ['[SEP]', 3] },
    });
    expect(await readTokenizer(folder)).toMatchObject({ prefix: [2], suffix: [3] });
  });
});

const unigramPieces: readonly (readonly [string, number])[] = [
  ['<s>', 0],
  ['</s>', 0],
  ['<unk>', 0],
  ['▁', -4],
  ['▁mug', -3],
  ['s', -3.5],
  ['▁mu', -5],
  ['gs', -6],
  ['杯子', -5],
  ['杯', -4],
  ['子', -4],
];

const unigram = {
  normalizer: {
    type: 'Sequence',
    normalizers: [{ type: 'Precompiled', precompiled_charsmap: '' }, { type: 'Lowercase' }],
  },
  pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always' },
  post_processor: {
    type: 'TemplateProcessing',
    single: [{ SpecialToken: { id: '<s>' } }, { Sequence: { id: 'A' } }, { SpecialToken: { id: '</s>' } }],
  },
  model: { type: 'Unigram', unk_id: 2, vocab: unigramPieces },
};

describe('Unigram', () => {
  it('finds the most probable segmentation, normalizes compatibility forms, and maps unknown characters', async () => {
    await write('tokenizer.json', unigram);
    const tokenizer = await readTokenizer(folder);
    const names = unigramPieces.map(([piece]) => piece);
    const cut = (text: string) => piecesOf(tokenizer.idsOf(text), names);
    // ▁mug + s: -6.5; ▁mu + gs: -11.
    expect(cut('Mugs')).toEqual(['▁mug', 's']);
    expect(cut('  ＭＵＧ \t 杯子 ')).toEqual(['▁mug', '▁', '杯子']);
    expect(cut('mugxyzs')).toEqual(['▁mug', '<unk>', 's']);
    expect(cut(' ')).toEqual([]);
    expect(tokenizer).toMatchObject({ prefix: [0], suffix: [1], longest: null });
  });
});

it.each<[string, Readonly<Record<string, unknown>>]>([
  ['nothing', {}],
  ['no JSON', { 'tokenizer.json': '{' }],
  ['another kind of model', { 'tokenizer.json': { model: { type: 'BPE', vocab: {}, merges: [] } } }],
  ['no unknown piece', { 'tokenizer.json': { ...bert, model: { ...bert.model, vocab: { mug: 0 } } } }],
  [
    'special tokens without an id',
    { 'tokenizer.json': { ...unigram, model: { ...unigram.model, vocab: [['a', -1]] } } },
  ],
  ['a vocabulary without frame', { 'vocab.txt': 'mug\ncup' }],
])('refuses a folder with %s', async (_, files) => {
  for (const [name, content] of Object.entries(files)) await write(name, content);
  await expect(readTokenizer(folder)).rejects.toMatchObject({ code: 'ENCODER_INVALID' });
});
