import { arrayOf } from '../../artifact/arrayOf';
import type { Artifact, ArtifactArray } from '../../artifact/artifact';
import { GatewayError } from '../../domain/errors';
import { checkNeeds } from '../../learning/needs';
import { productArrays, productsOf } from '../../learning/productArrays';
import { type SettingOverrides, settingValuesOf } from '../../learning/settings';
import { preferencesOf } from '../../snapshot/preferences';
import { backoffArrays, weighedBackoffOf } from '../backoff';
import { chooseBackoff, spreadAs, type Tried } from '../chooseBackoff';
import type { ModelCard, ModelOf } from '../model';
import { trainBackoff } from '../trainBackoff';
import { fallbackOf } from './fallback';
import { neighbourScorer } from './score';
import { itemNeighboursSettings } from './settings';
import { type ItemNeighboursConfig, type Neighbours, trainNeighbours } from './train';

const card = {
  name: 'item-neighbours',
  summary: 'Products that the same shoppers chose, close in time and more often than by chance.',
  source:
    'Sarwar et al. 2001, "Item-based collaborative filtering"; Deshpande & Karypis 2004; Paudel et al. 2017 (RP3β)',
  needs: { events: 2, users: 1 },
  capabilities: ['similar'],
  servesAs: 'MODEL',
} as const satisfies ModelCard;

/** @throws {GatewayError} ARTIFACT_DAMAGED when offsets or rows are out of range */
function checkLists(artifact: Artifact, { offsets, rows }: Neighbours, size: number): void {
  const isAscending = offsets.every((offset, index) => index === 0 || offset >= offsets[index - 1]);
  const isWithin = rows.every(row => row < size);
  if (isAscending && isWithin && offsets[0] === 0 && offsets[size] === rows.length) return;
  throw new GatewayError(
    'ARTIFACT_DAMAGED',
    `Expected neighbour lists of ${size} products; got offsets or rows outside them. Train the model again.`,
    { model: artifact.header.model },
  );
}

function neighboursOf(artifact: Artifact, size: number): Neighbours {
  const rows = arrayOf(artifact, 'neighbourRows', Uint32Array, null);
  const neighbours: Neighbours = {
    offsets: arrayOf(artifact, 'neighbourOffsets', Uint32Array, size + 1),
    rows,
    similarities: arrayOf(artifact, 'similarities', Float32Array, rows.length),
    popularity: arrayOf(artifact, 'popularity', Float32Array, size),
  };
  checkLists(artifact, neighbours, size);
  return neighbours;
}

/** Returns how a trial trains neighbours: only those of its histories. */
const triedWith = (config: ItemNeighboursConfig): Tried => ({
  strengths: [10, 3, 30],
  async train({ train, preferences, isWanted }, context) {
    const neighbours = await trainNeighbours(train, preferences, config, context, isWanted);
    return (backoff, backoffStrength) => {
      const fallback = fallbackOf(backoff, neighbours.evidence, { ...config, backoffStrength });
      return neighbourScorer(train.products, neighbours, config.historyDecay, fallback);
    };
  },
});

/**
 * Item-based neighbourhood: keeps, for each product, the products most often liked by the same users. Scores
 * a product by its similarity to the shopper's latest products. Explainable by example ("because you looked
 * at …"). The seed is not used.
 */
export function itemNeighbours(overrides?: SettingOverrides): ModelOf<typeof card> {
  const config = settingValuesOf(itemNeighboursSettings, overrides);
  return {
    card,
    async train(snapshot, context) {
      const preferences = preferencesOf(snapshot);
      checkNeeds(card, snapshot, preferences);
      const chosen = await chooseBackoff(snapshot, config, context, triedWith(config));
      const neighbours = await trainNeighbours(snapshot, preferences, config, context);
      const backoff = spreadAs(await trainBackoff(snapshot, preferences, context), chosen.backoffSpread);
      const { trusts, masses } = fallbackOf(backoff, neighbours.evidence, { ...config, ...chosen });
      const { digest, asOf, products } = snapshot;
      return {
        header: {
          model: card.name,
          config: { ...config, ...chosen },
          snapshotDigest: digest,
          asOf,
          seed: context.seed,
        },
        arrays: new Map<string, ArtifactArray>([
          ...productArrays(products),
          ['historyDecay', Float64Array.of(config.historyDecay)],
          ['neighbourOffsets', neighbours.offsets],
          ['neighbourRows', neighbours.rows],
          ['similarities', neighbours.similarities],
          ['popularity', neighbours.popularity],
          ...backoffArrays(backoff),
          ['backoffTrusts', trusts],
          ['backoffMasses', masses],
        ]),
      };
    },
    load(artifact) {
      const products = productsOf(artifact);
      const [historyDecay] = arrayOf(artifact, 'historyDecay', Float64Array, 1);
      const neighbours = neighboursOf(artifact, products.size);
      return neighbourScorer(products, neighbours, historyDecay, weighedBackoffOf(artifact, products.size));
    },
  };
}
