import type { Artifact } from '../../artifact/artifact';
import { calibratedForecaster } from './calibrate';
import type { Forecaster } from './forecaster';
import { servedOf } from './stored';
import { type ActionVocabulary, type ProductReader, productReaderOf } from './vocabulary';

/** What a gateway serves the next action from. Holds no shopper. */
export interface NextActionReader {
  /** Which forecaster the gate let through: network, boosted-trees, markov2, markov1 or majority. */
  readonly servedBy: string;
  /** Calibrated. One step an event: feed it what `createStepReader` makes of events. */
  readonly forecaster: Forecaster;
  /** Categories by code: entry i is code i + 1. */
  readonly vocabulary: ActionVocabulary;
  /** Category and price of a product as the forecaster knows them. */
  readonly products: ProductReader;
}

/**
 * Loads what `learn` made.
 *
 * @throws {GatewayError} ARTIFACT_DAMAGED when arrays are missing, of a wrong length, or not finite
 */
export function loadNextAction(artifact: Artifact): NextActionReader {
  const { candidate, servedBy, vocabulary, temperatures } = servedOf(artifact);
  return {
    servedBy,
    forecaster: calibratedForecaster(candidate.load(artifact), temperatures),
    vocabulary,
    products: productReaderOf(vocabulary),
  };
}
