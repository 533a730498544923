import { arrayOf } from '../../artifact/arrayOf';
import type { Artifact, ArtifactArray } from '../../artifact/artifact';
import { GatewayError } from '../../domain/errors';
import { checkNeeds } from '../../learning/needs';
import { productArrays, productsOf } from '../../learning/productArrays';
import { type SettingOverrides, settingValuesOf } from '../../learning/settings';
import { preferencesOf } from '../../snapshot/preferences';
import type { ModelCard, ModelOf } from '../model';
import { transformerScorer } from './score';
import { sequencesOf } from './sequences';
import { chosenSettings, transformerSettings } from './settings';
import { parameterPlacesOf, type Shape } from './shape';
import { trainNetwork } from './train';

const card = {
  name: 'transformer',
  summary:
    'A self-attention network that reads the products a shopper saw, in order, and predicts the next one.',
  source:
    'Kang & McAuley 2018, "Self-attentive sequential recommendation" (SASRec); Klenitskiy & Vasilev 2023; ' +
    'Petrov & Macdonald 2023 (gSASRec); Yi et al. 2019 (logQ)',
  needs: { events: 100, users: 20 },
  capabilities: ['similar', 'retrieve', 'openState'],
  servesAs: 'MODEL',
} as const satisfies ModelCard;

/** Numbers of a shape, without the number of products. */
const shapeLength = 5;

/** The shape in an artifact. @throws {GatewayError} ARTIFACT_DAMAGED when its numbers are impossible */
function shapeIn(artifact: Artifact, products: number): Shape {
  const [width, heads, hidden, blocks, span] = arrayOf(artifact, 'shape', Uint32Array, shapeLength);
  const isShape =
    heads > 0 &&
    width > 0 &&
    width % (8 * heads) === 0 &&
    hidden > 0 &&
    hidden % 8 === 0 &&
    blocks > 0 &&
    span > 0;
  if (isShape) return { products, width, heads, hidden, blocks, span };
  throw new GatewayError(
    'ARTIFACT_DAMAGED',
    `Expected extents of a network; got ${[width, heads, hidden, blocks, span].join(', ')}. Train the model again.`,
    { model: artifact.header.model },
  );
}

/**
 * A causal Transformer over the products that a shopper liked, in order of their last event: see network.ts and train.ts.
 * Disliked products are left out. Shoppers without a liked product get NaN.
 *
 * @throws {GatewayError} BAD_USER_INPUT on a setting out of range
 */
export function transformer(overrides?: SettingOverrides): ModelOf<typeof card> {
  const given = settingValuesOf(transformerSettings, overrides);
  return {
    card,
    async train(snapshot, context) {
      checkNeeds(card, snapshot, preferencesOf(snapshot));
      const sequences = sequencesOf(snapshot);
      const { offsets } = sequences;
      const lengths = Array.from(offsets.subarray(1), (end, index) => end - offsets[index]);
      const config = chosenSettings(given, { lengths });
      const { digest, asOf, products } = snapshot;
      const { shape, parameters, embeddings } = await trainNetwork(sequences, products, config, context);
      const { width, heads, hidden, blocks, span } = shape;
      return {
        header: { model: card.name, config, snapshotDigest: digest, asOf, seed: context.seed },
        arrays: new Map<string, ArtifactArray>([
          ...productArrays(products),
          ['shape', Uint32Array.of(width, heads, hidden, blocks, span)],
          ['parameters', parameters],
          ['embeddings', embeddings],
        ]),
      };
    },
    load(artifact) {
      const products = productsOf(artifact);
      const shape = shapeIn(artifact, products.size);
      const { length } = parameterPlacesOf(shape);
      const parameters = arrayOf(artifact, 'parameters', Float32Array, length);
      const embeddings = arrayOf(artifact, 'embeddings', Float32Array, products.size * shape.width);
      return transformerScorer(products, shape, parameters, embeddings);
    },
  };
}
