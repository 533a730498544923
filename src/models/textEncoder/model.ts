import { arrayOf } from '../../artifact/arrayOf';
import type { Artifact, ArtifactArray } from '../../artifact/artifact';
import { GatewayError } from '../../domain/errors';
import { checkNeeds } from '../../learning/needs';
import { productArrays, productsOf } from '../../learning/productArrays';
import { type SettingOverrides, settingValuesOf } from '../../learning/settings';
import { paddedColumns } from '../../numeric/paddedColumns';
import { preferencesOf } from '../../snapshot/preferences';
import type { ModelCard, ModelOf } from '../model';
import { createReader, type Reader } from './reader';
import { textScorer } from './score';
import { type TextEncoderConfig, textEncoderSettings } from './settings';
import { type Kind, layoutOf, type Shape } from './shape';
import { trainTextEncoder } from './train';

type Overrides = SettingOverrides;

const needs = { events: 20, users: 5, documents: 2 };
const alike = { needs, capabilities: ['similar', 'retrieve', 'admit'], servesAs: 'MODEL' } as const;

type TextCard = ModelCard<(typeof alike.capabilities)[number]>;

/** Length of the shape in an artifact. */
const shapeLength = 5;

function checkShape(
  artifact: Artifact,
  { dimensions, buckets, tokens, inputs }: Shape,
  historyDecay: number,
): void {
  const isWhole = [dimensions, buckets, tokens, inputs].every(value => Number.isInteger(value) && value >= 0);
  const isGood =
    isWhole && dimensions > 0 && dimensions % 8 === 0 && buckets > 0 && tokens > 0 && inputs % 8 === 0;
  if (isGood && historyDecay > 0) return;
  throw new GatewayError(
    'ARTIFACT_DAMAGED',
    'Expected the shape of a text encoder; got impossible sizes. Train the model again.',
    { model: artifact.header.model },
  );
}

/** The shape of an artifact, and the decay of a history's entries. */
function shapeIn(artifact: Artifact, kind: Kind): { readonly shape: Shape; readonly historyDecay: number } {
  const numbers = arrayOf(artifact, 'shape', Float64Array, shapeLength);
  const [dimensions, buckets, tokens, inputs, historyDecay] = numbers;
  const shape = { kind, dimensions, buckets, tokens, inputs };
  checkShape(artifact, shape, historyDecay);
  return { shape, historyDecay };
}

/** The settings. Kernels take 8 numbers at once and there are two heads: dimensions are rounded up to a multiple of 16. */
function configOf(overrides: Overrides | undefined): TextEncoderConfig {
  const config = settingValuesOf(textEncoderSettings, overrides);
  return { ...config, rank: 16 * Math.ceil(config.rank / 16) };
}

/** A text encoder of one kind. */
function textEncoder(card: TextCard, kind: Kind, overrides: Overrides | undefined): ModelOf<TextCard> {
  const config = configOf(overrides);
  return {
    card,
    async train(snapshot, context) {
      const preferences = preferencesOf(snapshot);
      checkNeeds(card, snapshot, preferences);
      const { documentVectors, digest, asOf, products } = snapshot;
      const inputs =
        card.needs.documentVectors === true ? paddedColumns(documentVectors?.dimensions ?? 0) : 0;
      const { rank: dimensions, buckets, maxLength: tokens, historyDecay } = config;
      const shape: Shape = { kind, dimensions, buckets, tokens, inputs };
      const { table, dense, vectors } = await trainTextEncoder(snapshot, preferences, shape, config, context);
      return {
        header: { model: card.name, config, snapshotDigest: digest, asOf, seed: context.seed },
        arrays: new Map<string, ArtifactArray>([
          ...productArrays(products),
          ['shape', Float64Array.of(dimensions, buckets, tokens, inputs, historyDecay)],
          ['table', table],
          ['dense', dense],
          ['vectors', vectors],
        ]),
      };
    },
    load(artifact) {
      const products = productsOf(artifact);
      const { shape, historyDecay } = shapeIn(artifact, kind);
      const { dimensions, buckets } = shape;
      const { blocks, length } = layoutOf(shape);
      const table = arrayOf(artifact, 'table', Float32Array, buckets * dimensions);
      const dense = arrayOf(artifact, 'dense', Float32Array, length);
      const vectors = arrayOf(artifact, 'vectors', Float32Array, products.size * dimensions);
      // The map and its offset are the last two blocks.
      const map = dense.subarray(blocks.get('map')?.offset);
      let reader: Reader | undefined;
      const read: Reader = documents => {
        reader ??= createReader({ shape, table, dense });
        return reader(documents);
      };
      return textScorer(products, { dimensions, vectors, map, historyDecay, read });
    },
  };
}

/**
 * Products by their words, read by a convolution. Trained on the products that shoppers like together; see contrast.ts and cnn.ts.
 *
 * @throws {GatewayError} BAD_USER_INPUT on a setting out of range
 */
export const textCnn = (overrides?: Overrides): ModelOf<TextCard> =>
  textEncoder(
    {
      name: 'text-cnn',
      summary:
        'Products whose texts resemble what the shopper liked, read by a convolutional network trained on the shop.',
      source:
        'Kim 2014, "Convolutional neural networks for sentence classification"; van den Oord, Li & Vinyals 2018, ' +
        '"Representation learning with contrastive predictive coding"',
      ...alike,
    },
    'cnn',
    overrides,
  );

/**
 * Products by their words, read by a small Transformer. Trained on the products that shoppers like together; see contrast.ts and
 * transformer.ts.
 *
 * @throws {GatewayError} BAD_USER_INPUT on a setting out of range
 */
export const textTransformer = (overrides?: Overrides): ModelOf<TextCard> =>
  textEncoder(
    {
      name: 'text-transformer',
      summary:
        'Products whose texts resemble what the shopper liked, read by a small Transformer trained on the shop.',
      source:
        'Vaswani et al. 2017, "Attention is all you need"; Reimers & Gurevych 2019, "Sentence-BERT"; van den Oord, Li & ' +
        'Vinyals 2018',
      ...alike,
    },
    'transformer',
    overrides,
  );

/**
 * Products by the mean of their words and, where an encoder is configured, its vectors through a learned map.
 *
 * @throws {GatewayError} BAD_USER_INPUT on a setting out of range
 */
export const textVectors = (overrides?: Overrides): ModelOf<TextCard> =>
  textEncoder(
    {
      name: 'text-vectors',
      summary:
        'Products whose texts resemble what the shopper liked, read with the vectors of an external encoder.',
      source: 'Wu et al. 2018, "StarSpace: embed all the things!"; van den Oord, Li & Vinyals 2018',
      ...alike,
      needs: { ...needs, documentVectors: true },
    },
    'bag',
    overrides,
  );
