import { arrayOf } from '../../artifact/arrayOf';
import type { Artifact, ArtifactArray } from '../../artifact/artifact';
import { GatewayError } from '../../domain/errors';
import { togetherSources } from '../../domain/recommendation';
import { checkNeeds } from '../../learning/needs';
import { productArrays, productsOf } from '../../learning/productArrays';
import { type SettingOverrides, settingValuesOf } from '../../learning/settings';
import { preferencesOf } from '../../snapshot/preferences';
import type { Snapshot } from '../../snapshot/snapshot';
import { backoffArrays, weighedBackoffOf } from '../backoff';
import { chooseBackoff, spreadAs, type Tried } from '../chooseBackoff';
import type { ModelCard, ModelOf } from '../model';
import { trainBackoff } from '../trainBackoff';
import { fallbackOf } from './fallback';
import { heldOutCarts } from './heldOutCarts';
import { complementScorer } from './score';
import { basketsSettings } from './settings';
import { type BasketsConfig, type Complements, trainComplements } from './train';

const card = {
  name: 'baskets',
  summary: 'Products bought in the same basket as those in the cart, more often than by chance.',
  source:
    'Agrawal, Imieliński & Swami 1993, "Mining association rules between sets of items in large databases"; ' +
    'Brin et al. 1997 (lift); McAuley, Pandey & Leskovec 2015 (substitutes and complements)',
  needs: { events: 2, users: 1 },
  capabilities: ['complements'],
  servesAs: 'MODEL',
} as const satisfies ModelCard;

/** @throws {GatewayError} ARTIFACT_DAMAGED when offsets, rows or sources are out of range */
function checkLists(artifact: Artifact, { offsets, rows, sources }: Complements, size: number): void {
  const isAscending = offsets.every((offset, index) => index === 0 || offset >= offsets[index - 1]);
  const isWithin = rows.every(row => row < size) && sources.every(source => source < togetherSources.length);
  if (isAscending && isWithin && offsets[0] === 0 && offsets[size] === rows.length) return;
  throw new GatewayError(
    'ARTIFACT_DAMAGED',
    `Expected complements of ${size} products; got offsets or rows outside them. Train the model again.`,
    { model: artifact.header.model },
  );
}

function complementsOf(artifact: Artifact, size: number): Complements {
  const rows = arrayOf(artifact, 'complementRows', Uint32Array, null);
  const complements: Complements = {
    offsets: arrayOf(artifact, 'complementOffsets', Uint32Array, size + 1),
    rows,
    weights: arrayOf(artifact, 'complementWeights', Float32Array, rows.length),
    support: arrayOf(artifact, 'complementSupport', Uint32Array, rows.length),
    sources: arrayOf(artifact, 'complementSources', Uint8Array, rows.length),
    popularity: arrayOf(artifact, 'popularity', Float32Array, size),
  };
  checkLists(artifact, complements, size);
  return complements;
}

/** Returns how a trial asks: for a product of later orders, given the others. */
const triedWith = (snapshot: Snapshot, config: BasketsConfig, seed: number): Tried => ({
  strengths: [10, 1, 100],
  questionsOf: train => heldOutCarts(snapshot, train, seed),
  async train({ train, isWanted }, context) {
    const { complements, counts, baskets } = await trainComplements(train, config, context, isWanted);
    return (backoff, backoffStrength) => {
      const fallback = fallbackOf(backoff, counts, baskets, { ...config, backoffStrength });
      return complementScorer(train.products, complements, config.sharpness, fallback);
    };
  },
});

/**
 * Frequently bought together: see train.ts. Baskets are purchases of one session or invoice; with too few of
 * these, `source` in the header names what was used as baskets instead. The seed is not used.
 */
export function baskets(overrides?: SettingOverrides): ModelOf<typeof card> {
  const config = settingValuesOf(basketsSettings, overrides);
  return {
    card,
    async train(snapshot, context) {
      const preferences = preferencesOf(snapshot);
      checkNeeds(card, snapshot, preferences);
      const tried = triedWith(snapshot, config, context.seed);
      const chosen = await chooseBackoff(snapshot, config, context, tried);
      const trained = await trainComplements(snapshot, config, context);
      const { complements, source } = trained;
      const backoff = spreadAs(await trainBackoff(snapshot, preferences, context), chosen.backoffSpread);
      const settings = { ...config, ...chosen };
      const { trusts, masses } = fallbackOf(backoff, trained.counts, trained.baskets, settings);
      const { digest, asOf, products } = snapshot;
      return {
        header: {
          model: card.name,
          config: { ...settings, source },
          snapshotDigest: digest,
          asOf,
          seed: context.seed,
        },
        arrays: new Map<string, ArtifactArray>([
          ...productArrays(products),
          ['sharpness', Float64Array.of(config.sharpness)],
          ['complementOffsets', complements.offsets],
          ['complementRows', complements.rows],
          ['complementWeights', complements.weights],
          ['complementSupport', complements.support],
          ['complementSources', complements.sources],
          ['popularity', complements.popularity],
          ...backoffArrays(backoff),
          ['backoffTrusts', trusts],
          ['backoffMasses', masses],
        ]),
      };
    },
    load(artifact) {
      const products = productsOf(artifact);
      const [sharpness] = arrayOf(artifact, 'sharpness', Float64Array, 1);
      const complements = complementsOf(artifact, products.size);
      return complementScorer(products, complements, sharpness, weighedBackoffOf(artifact, products.size));
    },
  };
}
