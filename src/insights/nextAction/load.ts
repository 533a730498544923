import type { Artifact } from '../../artifact/artifact';
import { typeCountOf } from './actions';
import { calibratedForecaster } from './calibrate';
import type { Forecast, Forecaster } from './forecaster';
import type { LikelyCategory, NextActionReading } from './reading';
import { createShopperSteps } from './shopperSteps';
import { servedOf } from './stored';
import { type ActionVocabulary, categorySeparator } from './vocabulary';

/** A forecaster with the vocabulary of its actions, categories and prices. */
export interface LoadedForecaster {
  /** As in {@link NextActionReading}. */
  readonly servedBy: string;
  /** Calibrated. Takes the steps that `createStepReader` makes of events. */
  readonly forecaster: Forecaster;
  /** Entry i of `categories` is category i + 1 of the forecaster. */
  readonly vocabulary: ActionVocabulary;
}

/**
 * Loads the forecaster of an artifact.
 *
 * @throws {GatewayError} ARTIFACT_DAMAGED when arrays are missing, of a wrong length, or not finite
 */
export function loadForecaster(artifact: Artifact): LoadedForecaster {
  const { candidate, servedBy, vocabulary, temperatures } = servedOf(artifact);
  const forecaster = candidate.load(artifact, typeCountOf(vocabulary.actions));
  return { servedBy, forecaster: calibratedForecaster(forecaster, temperatures), vocabulary };
}

const categoriesOf = ({ categories }: Forecast, vocabulary: ActionVocabulary): readonly LikelyCategory[] =>
  categories.map(({ category, probability }) => ({
    path: vocabulary.categories[category - 1]?.split(categorySeparator) ?? [],
    probability,
  }));

/**
 * A return within 1 day is one within 7 and 30 days. Each time has a model of its own, and data of a few days hold no outcome of a
 * longer one, so that a longer time may come out less likely: it is then as likely as the shorter one, the least that it can be.
 */
function nested([day, week, month]: Forecast['returnWithin']): Forecast['returnWithin'] {
  const within7Days = Math.max(day, week);
  return [day, within7Days, Math.max(within7Days, month)];
}

/** Returns what serving uses of a forecaster. */
export function readingOf({ servedBy, forecaster, vocabulary }: LoadedForecaster): NextActionReading {
  return {
    servedBy,
    actions: vocabulary.actions,
    openShopper() {
      const steps = createShopperSteps(vocabulary);
      const state = forecaster.open();
      return {
        take(event, product) {
          const step = steps(event, product);
          if (step !== null) forecaster.step(state, step);
        },
        forecast() {
          const forecast = forecaster.forecast(state);
          const { returnWithin } = forecast;
          return {
            ...forecast,
            returnWithin: nested(returnWithin),
            categories: categoriesOf(forecast, vocabulary),
          };
        },
      };
    },
  };
}

/** As {@link loadForecaster}, for serving. @throws {GatewayError} ARTIFACT_DAMAGED */
export const loadNextAction = (artifact: Artifact): NextActionReading => readingOf(loadForecaster(artifact));
