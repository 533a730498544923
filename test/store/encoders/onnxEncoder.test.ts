import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createOnnxEncoder,
  type OnnxRuntime,
  type OnnxSession,
  type OnnxTensor,
} from '../../../src/store/encoders/onnxEncoder';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'affinity-onnx-'));
  await writeFile(join(folder, 'model.onnx'), 'not read by the fake');
  await writeFile(join(folder, 'vocab.txt'), '[PAD]\n[UNK]\n[CLS]\n[SEP]\nmug\ncup\ntea');
});
afterEach(() => rm(folder, { recursive: true }));

interface Fed {
  readonly type: string;
  readonly data: BigInt64Array;
  readonly dims: readonly number[];
}
type Feeds = Readonly<Record<string, Fed>>;

/** A model that maps a token to the vector (id, 1). */
const tokenVectors = ({ input_ids: { data, dims } }: Feeds): Readonly<Record<string, OnnxTensor>> => ({
  last_hidden_state: {
    dims: [...dims, 2],
    data: Float32Array.from([...data].flatMap(id => [Number(id), 1])),
  },
});

function runtimeOf(
  run: (feeds: Feeds) => Readonly<Record<string, OnnxTensor>>,
  names: Partial<Pick<OnnxSession, 'inputNames' | 'outputNames'>> = {},
): () => Promise<OnnxRuntime> {
  const session: OnnxSession = {
    inputNames: ['input_ids', 'attention_mask', 'token_type_ids'],
    outputNames: ['last_hidden_state'],
    ...names,
    run: async feeds => run(feeds as Feeds),
  };
  class Tensor implements Fed {
    constructor(
      readonly type: 'int64',
      readonly data: BigInt64Array,
      readonly dims: readonly number[],
    ) {}
  }
  return async () => ({ InferenceSession: { create: async () => session }, Tensor });
}

const idle = (): AbortSignal => new AbortController().signal;
const expectClose = (rows: Float32Array, expected: readonly number[]): void => {
  expect(rows).toHaveLength(expected.length);
  for (const [index, value] of expected.entries()) expect(rows[index]).toBeCloseTo(value, 6);
};
const scaled = (...values: number[]): number[] => values.map(value => value / Math.hypot(...values));

it('averages the vectors of all tokens and normalizes the mean, in the order of the texts', async () => {
  const seen: Feeds[] = [];
  const loadRuntime = runtimeOf(feeds => {
    seen.push(feeds);
    return tokenVectors(feeds);
  });
  const encoder = await createOnnxEncoder({ folder, loadRuntime });
  const { dimensions, rows } = await encoder.encode(['mug cup tea', 'mug', 'tea'], idle());
  expect(dimensions).toBe(2);
  // [CLS] 2, [SEP] 3; mug 4, cup 5, tea 6.
  expectClose(rows, [...scaled(20 / 5, 1), ...scaled(9 / 3, 1), ...scaled(11 / 3, 1)]);
  // Texts of equal length form a batch, so that none is padded.
  expect(seen.map(({ input_ids: { dims } }) => dims)).toEqual([
    [1, 5],
    [2, 3],
  ]);
  expect([...seen[1]['attention_mask'].data]).toEqual([1n, 1n, 1n, 1n, 1n, 1n]);
  expect([...seen[1]['token_type_ids'].data]).toEqual([0n, 0n, 0n, 0n, 0n, 0n]);
  expect(encoder.name).toMatch(/^onnx:affinity-onnx-\w+:[0-9a-f]{12}$/);
});

it('uses the first token when the folder configures it', async () => {
  await mkdir(join(folder, '1_Pooling'));
  await writeFile(join(folder, '1_Pooling', 'config.json'), '{"pooling_mode_cls_token": true}');
  const encoder = await createOnnxEncoder({ folder, loadRuntime: runtimeOf(tokenVectors) });
  expectClose((await encoder.encode(['mug'], idle())).rows, scaled(2, 1));
});

it('accepts one vector per text from the model', async () => {
  const run = ({ input_ids: { dims } }: Feeds) => ({
    sentence_embedding: { dims: [dims[0], 2], data: new Float32Array(dims[0] * 2).fill(3) },
  });
  const names = { inputNames: ['input_ids'], outputNames: ['last_hidden_state', 'sentence_embedding'] };
  const encoder = await createOnnxEncoder({ folder, loadRuntime: runtimeOf(run, names) });
  expectClose((await encoder.encode(['mug', 'cup'], idle())).rows, [...scaled(3, 3), ...scaled(3, 3)]);
});

it('truncates long texts and accepts many texts', async () => {
  const lengths: number[] = [];
  const loadRuntime = runtimeOf(feeds => {
    lengths.push(feeds['input_ids'].dims[1]);
    return tokenVectors(feeds);
  });
  const encoder = await createOnnxEncoder({ folder, loadRuntime });
  const { rows } = await encoder.encode([...Array(40).fill('mug'), 'mug '.repeat(1_000)], idle());
  expect(rows).toHaveLength(41 * 2);
  expect(lengths).toEqual([3, 3, 3, 256]);
});

it('stops when cancelled', async () => {
  const encoder = await createOnnxEncoder({ folder, loadRuntime: runtimeOf(tokenVectors) });
  await expect(encoder.encode(['mug'], AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELLED' });
});

it('reports a remedy when the runtime is not installed', async () => {
  await expect(createOnnxEncoder({ folder })).rejects.toMatchObject({
    code: 'ENCODER_INVALID',
    message: expect.stringContaining('npm install --no-save --ignore-scripts onnxruntime-node'),
  });
});

it('rejects a folder without a model, and models of another kind', async () => {
  const refused = { code: 'ENCODER_INVALID' };
  const generator = runtimeOf(tokenVectors, { inputNames: ['input_ids', 'past_key_values.0.key'] });
  await expect(createOnnxEncoder({ folder, loadRuntime: generator })).rejects.toMatchObject(refused);
  const image = runtimeOf(tokenVectors, { inputNames: ['pixel_values'] });
  await expect(createOnnxEncoder({ folder, loadRuntime: image })).rejects.toMatchObject(refused);
  const loadRuntime = runtimeOf(tokenVectors);
  await rm(join(folder, 'model.onnx'));
  await expect(createOnnxEncoder({ folder, loadRuntime })).rejects.toMatchObject(refused);
});

it.each<[string, (feeds: Feeds) => Readonly<Record<string, OnnxTensor>>]>([
  ['another number of rows', () => ({ last_hidden_state: { dims: [1, 1, 2], data: new Float32Array(2) } })],
  ['half precision', () => ({ last_hidden_state: { dims: [1, 3, 1], data: new Uint16Array(3) } })],
  ['NaN', () => ({ last_hidden_state: { dims: [1, 3, 1], data: new Float32Array(3).fill(Number.NaN) } })],
])('refuses %s', async (_, run) => {
  const encoder = await createOnnxEncoder({ folder, loadRuntime: runtimeOf(run) });
  await expect(encoder.encode(['mug'], idle())).rejects.toMatchObject({ code: 'ENCODER_INVALID' });
});

it('reports that the model failed without quoting the text', async () => {
  const run = () => {
    throw new Error('index 4711 out of bounds');
  };
  const encoder = await createOnnxEncoder({ folder, loadRuntime: runtimeOf(run) });
  await expect(encoder.encode(['mug'], idle())).rejects.toMatchObject({
    code: 'ENCODER_INVALID',
    message: expect.not.stringContaining('4711'),
  });
});
