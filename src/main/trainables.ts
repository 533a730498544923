import type { Insight } from '../insights/insight';
import { defaultInsights, insightByName, insightFactories, isInsight } from '../insights/registry';
import type { TrainableCard } from '../learning/trainableCard';
import { defaultModels, modelByName, modelFactories } from '../models/registry';

/** Names of all that can be trained: models, then insights. */
export const trainableNames: readonly string[] = [...modelFactories, ...insightFactories].map(
  ({ name }) => name,
);

/** What a shop gets when nobody says. */
export const defaultTrainings: readonly string[] = [...defaultModels, ...defaultInsights];

/** The insight of a name; null for any other name. */
export const loadInsight = (name: string): Insight | null => (isInsight(name) ? insightByName(name) : null);

/** The card of a model or an insight. @throws {GatewayError} BAD_USER_INPUT on a name that is not known */
export const cardOf = (name: string): TrainableCard => loadInsight(name)?.card ?? modelByName(name).card;
