// Vectors from a model in a local folder with the layout of ONNX exports of sentence-transformers: model.onnx and
// tokenizer.json. Runs on `onnxruntime-node`, an optional peer dependency that is loaded when a folder is configured.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { GatewayError } from '../../domain/errors';
import type { DocumentEncoder } from '../ports/documentEncoder';
import { readTokenizer } from './readTokenizer';
import { framedIds, type Tokenizer } from './tokenizer';
import { vectorsOfRows } from './vectorsOfRows';

/** An output tensor. */
export interface OnnxTensor {
  readonly dims: readonly number[];
  readonly data: unknown;
}

/** The part of onnxruntime's session used here. */
export interface OnnxSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(feeds: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, OnnxTensor>>>;
}

/** The part of onnxruntime used here. */
export interface OnnxRuntime {
  readonly InferenceSession: { create(path: string): Promise<OnnxSession> };
  readonly Tensor: new (type: 'int64', data: BigInt64Array, dims: readonly number[]) => unknown;
}

/** The model's folder and the runtime. */
export interface OnnxEncoderOptions {
  readonly folder: string;
  /** Loads the runtime. Default: import of `onnxruntime-node`. */
  readonly loadRuntime?: () => Promise<OnnxRuntime>;
}

const unusable = (expected: string, got: string, remedy: string, cause?: unknown): GatewayError =>
  new GatewayError(
    'ENCODER_INVALID',
    `Expected ${expected}; got ${got}. ${remedy}`,
    { expected, got },
    { cause },
  );

async function importRuntime(): Promise<OnnxRuntime> {
  // Not a literal, so that the compiler and the architecture test do not resolve a package that may be missing.
  const packageName = ['onnxruntime', 'node'].join('-');
  try {
    const loaded = (await import(packageName)) as OnnxRuntime & { readonly default?: OnnxRuntime };
    return loaded.default ?? loaded;
  } catch (cause) {
    const remedy =
      'Run "npm install --no-save --ignore-scripts onnxruntime-node", or unset AFFINITY_ENCODER_DIR.';
    throw unusable('onnxruntime-node to run the model', 'none that loads', remedy, cause);
  }
}

const modelFiles = ['model.onnx', 'onnx/model.onnx', 'model_quantized.onnx', 'onnx/model_quantized.onnx'];

async function findModel(folder: string): Promise<string> {
  for (const file of modelFiles) {
    const path = join(folder, file);
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  throw unusable(
    `one of ${modelFiles.join(', ')}`,
    'none',
    'Point AFFINITY_ENCODER_DIR at the model’s folder.',
  );
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex').slice(0, 12);
}

/** Whether the vector of a text is that of its first token (CLS pooling, as for BGE), not the mean of all tokens. */
async function poolsFirst(folder: string): Promise<boolean> {
  const json = await readFile(join(folder, '1_Pooling', 'config.json'), 'utf8').catch(() => '');
  return /"pooling_mode_cls_token"\s*:\s*true/.test(json);
}

/** The loaded model, tokenizer and settings. */
interface Workspace {
  readonly runtime: OnnxRuntime;
  readonly session: OnnxSession;
  readonly output: string;
  readonly tokenizer: Tokenizer;
  readonly poolsFirst: boolean;
}

const knownOutputs = ['sentence_embedding', 'last_hidden_state', 'token_embeddings'];
const fills: ReadonlyMap<string, bigint> = new Map([
  ['attention_mask', 1n],
  ['token_type_ids', 0n],
]);

async function openWorkspace(folder: string, runtime: OnnxRuntime, path: string): Promise<Workspace> {
  let session: OnnxSession;
  try {
    session = await runtime.InferenceSession.create(path);
  } catch (cause) {
    throw unusable('an ONNX model', 'one that does not load', 'Export the model again.', cause);
  }
  const unknownInput = session.inputNames.find(name => name !== 'input_ids' && !fills.has(name));
  if (unknownInput !== undefined || !session.inputNames.includes('input_ids'))
    throw unusable(
      'a text encoder’s inputs (input_ids …)',
      unknownInput ?? 'none',
      'Use an encoder model, not a generative one.',
    );
  return {
    runtime,
    session,
    output: knownOutputs.find(name => session.outputNames.includes(name)) ?? session.outputNames[0],
    tokenizer: await readTokenizer(folder),
    poolsFirst: await poolsFirst(folder),
  };
}

/** Mean of `length` token vectors from `start` on, normalized to unit length. */
function pooled(data: Float32Array, start: number, length: number, dimensions: number): Float32Array {
  const out = new Float32Array(dimensions);
  for (let token = 0; token < length; token++)
    for (let k = 0; k < dimensions; k++) out[k] += data[start + token * dimensions + k];
  const norm = Math.hypot(...out);
  return norm > 0 ? out.map(value => value / norm) : out;
}

function rowsOf({ dims, data }: OnnxTensor, count: number, length: number, first: boolean): Float32Array[] {
  const dimensions = dims[dims.length - 1];
  const tokens = dims.length === 3 ? length : 1;
  const isGood =
    data instanceof Float32Array && data.length === count * tokens * dimensions && dims[0] === count;
  if (!isGood)
    throw unusable(
      'float32 [texts, (tokens,) dimensions]',
      `[${dims.join(', ')}]`,
      'Export the model again.',
    );
  return Array.from({ length: count }, (_, row) =>
    pooled(data, row * tokens * dimensions, first ? 1 : tokens, dimensions),
  );
}

/** Encodes texts of equal token count, so that no padding is needed and vectors do not depend on the batch. */
async function runBatch(
  workspace: Workspace,
  batch: readonly (readonly number[])[],
): Promise<Float32Array[]> {
  const { runtime, session, output } = workspace;
  const length = batch[0].length;
  const dims = [batch.length, length];
  const feeds = session.inputNames.map(name => {
    const fill = fills.get(name);
    const data =
      fill === undefined
        ? BigInt64Array.from(batch.flat(), id => BigInt(id))
        : new BigInt64Array(batch.length * length).fill(fill);
    return [name, new runtime.Tensor('int64', data, dims)] as const;
  });
  let outputs: Readonly<Record<string, OnnxTensor>>;
  try {
    outputs = await session.run(Object.fromEntries(feeds));
  } catch {
    // The runtime's message is dropped, as it may contain token ids of the text.
    throw unusable('vectors from the model', 'a failure', 'Check that tokenizer.json belongs to model.onnx.');
  }
  return rowsOf(outputs[output], batch.length, length, workspace.poolsFirst);
}

const batchSize = 16;
/** Longer texts are truncated: product texts are short, and attention costs the square of the length. */
const maxTokens = 256;

/** Groups texts of equal token count into batches; returns indices. */
function batchesByLength(ids: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const byLength = new Map<number, number[]>();
  for (const [index, { length }] of ids.entries()) {
    const group = byLength.get(length);
    if (group) group.push(index);
    else byLength.set(length, [index]);
  }
  return [...byLength.values()].flatMap(group =>
    Array.from({ length: Math.ceil(group.length / batchSize) }, (_, batch) =>
      group.slice(batch * batchSize, (batch + 1) * batchSize),
    ),
  );
}

async function encodeAt(workspace: Workspace, texts: readonly string[], signal: AbortSignal) {
  const longest = Math.min(maxTokens, workspace.tokenizer.longest ?? maxTokens);
  const ids = texts.map(text => framedIds(workspace.tokenizer, text, longest));
  const rows = new Array<Float32Array>(texts.length);
  for (const batch of batchesByLength(ids)) {
    if (signal.aborted) throw new GatewayError('CANCELLED', 'Expected to finish encoding; got cancelled.');
    const found = await runBatch(
      workspace,
      batch.map(index => ids[index]),
    );
    for (const [place, index] of batch.entries()) rows[index] = found[place];
  }
  return vectorsOfRows(rows);
}

/**
 * Creates an encoder over a folder with model.onnx (or onnx/model.onnx, or model_quantized.onnx) and tokenizer.json (or
 * vocab.txt). A text's vector is the mean of its token vectors, or the first one if 1_Pooling/config.json says so,
 * normalized to unit length. Texts are truncated to 256 tokens. No data leaves the machine.
 *
 * @throws {GatewayError} ENCODER_INVALID when the folder or the runtime cannot be used
 */
export async function createOnnxEncoder(options: OnnxEncoderOptions): Promise<DocumentEncoder> {
  const folder = resolve(options.folder);
  const path = await findModel(folder);
  const runtime = await (options.loadRuntime ?? importRuntime)();
  const workspace = await openWorkspace(folder, runtime, path);
  return {
    name: `onnx:${basename(folder)}:${await hashOf(path)}`,
    encode: (texts, signal) => encodeAt(workspace, texts, signal),
  };
}
