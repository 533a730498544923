import { arrayOf } from '../../artifact/arrayOf';
import type { Artifact, ArtifactArray } from '../../artifact/artifact';
import { GatewayError } from '../../domain/errors';
import { checkNeeds } from '../../learning/needs';
import { productArrays, productsOf } from '../../learning/productArrays';
import { type SettingOverrides, settingValuesOf } from '../../learning/settings';
import { preferencesOf } from '../../snapshot/preferences';
import { categoryTreeOf } from '../categories';
import type { ModelCard, ModelOf } from '../model';
import { featureCount } from './features';
import { firstPurchaseColumns } from './firstPurchases';
import { periods } from './hazard';
import { type ProductStatistics, statisticNames } from './productStatistics';
import { buyAgainScorer } from './score';
import { buyAgainSettings } from './settings';
import { type Timelines, timelinesOf } from './timelines';
import { trainBuyAgain } from './train';

const card = {
  name: 'buy-again',
  summary:
    'When a shopper buys a product again: by its interval, their frequency, and how often it is bought again.',
  source:
    'Allison 1982, "Discrete-time methods for the analysis of event histories"; Dey, Bhagwan et al. 2016, "Buy it again: ' +
    'modeling repeat purchase recommendations"',
  needs: { events: 1, users: 0 },
  capabilities: ['buyAgain'],
  servesAs: 'MODEL',
} as const satisfies ModelCard;

/** @throws {GatewayError} TRAINING_DATA_INSUFFICIENT without any purchase */
function checkPurchases({ instants }: Timelines): void {
  if (instants.length > 0) return;
  throw new GatewayError(
    'TRAINING_DATA_INSUFFICIENT',
    `Expected at least one purchase to train ${card.name}; got none. Import or track PURCHASE events first.`,
    { model: card.name, purchases: 0 },
  );
}

function statisticsOf(artifact: Artifact, size: number): ProductStatistics {
  const [repeat, gap, popularity, trend, sold, firstPurchase] = statisticNames.map(name =>
    arrayOf(artifact, name, Float64Array, size),
  );
  return { repeat, gap, popularity, trend, sold, firstPurchase };
}

/** When shoppers buy again: see train.ts. The seed decides which examples are sampled. */
export function buyAgain(overrides?: SettingOverrides): ModelOf<typeof card> {
  const config = settingValuesOf(buyAgainSettings, overrides);
  return {
    card,
    async train(snapshot, context) {
      checkNeeds(card, snapshot, preferencesOf(snapshot));
      const { digest, asOf, products, events } = snapshot;
      const timelines = timelinesOf(snapshot);
      checkPurchases(timelines);
      const last = events.occurredAt.reduce((latest, at) => Math.max(latest, at), 0);
      const trained = await trainBuyAgain(timelines, categoryTreeOf(snapshot), last, config, context);
      return {
        header: { model: card.name, config, snapshotDigest: digest, asOf, seed: context.seed },
        arrays: new Map<string, ArtifactArray>([
          ...productArrays(products),
          ['coefficients', trained.coefficients],
          ['firstCoefficients', trained.firstCoefficients],
          ['repeated', trained.repeated],
          ...statisticNames.map((name): [string, ArtifactArray] => [name, trained.statistics[name]]),
        ]),
      };
    },
    load(artifact) {
      const products = productsOf(artifact);
      return buyAgainScorer(products, {
        coefficients: arrayOf(artifact, 'coefficients', Float64Array, periods.length * featureCount),
        firstCoefficients: arrayOf(artifact, 'firstCoefficients', Float64Array, firstPurchaseColumns),
        repeated: arrayOf(artifact, 'repeated', Uint8Array, products.size),
        statistics: statisticsOf(artifact, products.size),
      });
    },
  };
}
