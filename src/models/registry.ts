import { GatewayError } from '../domain/errors';
import { type SettingOverrides, type Settings, settingValuesOf } from '../learning/settings';
import { baskets } from './baskets/model';
import { basketsSettings } from './baskets/settings';
import { buyAgain } from './buyAgain/model';
import { buyAgainSettings } from './buyAgain/settings';
import { collaborative } from './collaborative/model';
import { collaborativeSettings } from './collaborative/settings';
import { content } from './content/model';
import { contentSettings } from './content/settings';
import { ease } from './ease/model';
import { easeSettings } from './ease/settings';
import { ensemble, type PartFactory } from './ensemble/model';
import { ensembleSettings } from './ensemble/settings';
import { graphFilter } from './graphFilter/model';
import { graphFilterSettings } from './graphFilter/settings';
import { gru } from './gru/model';
import { gruSettings } from './gru/settings';
import { itemNeighbours } from './itemNeighbours/model';
import { itemNeighboursSettings } from './itemNeighbours/settings';
import { markov } from './markov/model';
import { markovSettings } from './markov/settings';
import type { Model } from './model';
import { popularity } from './popularity/model';
import { ratedFactors } from './ratedFactors/model';
import { ratedFactorsSettings } from './ratedFactors/settings';
import { sessionNeighbours } from './sessionNeighbours/model';
import { sessionNeighboursSettings } from './sessionNeighbours/settings';
import { textCnn, textTransformer, textVectors } from './textEncoder/model';
import { textEncoderSettings } from './textEncoder/settings';
import { transformer } from './transformer/model';
import { transformerSettings } from './transformer/settings';
import { trending, trendingSettings } from './trending/model';
import { twoTower } from './twoTower/model';
import { twoTowerSettings } from './twoTower/settings';

/** How to make one kind of model. */
export interface ModelFactory {
  /** As on the model's card. */
  readonly name: string;
  /** Its settings, with their ranges. */
  readonly settings: Settings;
  /** @throws {GatewayError} BAD_USER_INPUT on a setting the model does not have or a value out of range */
  create(overrides?: SettingOverrides): Model;
}

/** Models that are not combinations of others. Adding one: a folder, a line here, its card in docs/models/, a test that calls `itBehavesLikeAModel`. */
const singleModels: readonly ModelFactory[] = [
  { name: 'popularity', settings: {}, create: popularity },
  { name: 'trending', settings: trendingSettings, create: trending },
  { name: 'item-neighbours', settings: itemNeighboursSettings, create: itemNeighbours },
  { name: 'collaborative', settings: collaborativeSettings, create: collaborative },
  { name: 'rated-factors', settings: ratedFactorsSettings, create: ratedFactors },
  { name: 'two-tower', settings: twoTowerSettings, create: twoTower },
  { name: 'content', settings: contentSettings, create: content },
  { name: 'text-cnn', settings: textEncoderSettings, create: textCnn },
  { name: 'text-transformer', settings: textEncoderSettings, create: textTransformer },
  { name: 'text-vectors', settings: textEncoderSettings, create: textVectors },
  { name: 'baskets', settings: basketsSettings, create: baskets },
  { name: 'buy-again', settings: buyAgainSettings, create: buyAgain },
  { name: 'markov', settings: markovSettings, create: markov },
  { name: 'session-neighbours', settings: sessionNeighboursSettings, create: sessionNeighbours },
  { name: 'gru', settings: gruSettings, create: gru },
  { name: 'ease', settings: easeSettings, create: ease },
  { name: 'transformer', settings: transformerSettings, create: transformer },
  { name: 'graph-filter', settings: graphFilterSettings, create: graphFilter },
];

/**
 * Models that an ensemble tries by default: those that are trained by default and score shoppers. Its settings can include the
 * others.
 */
const defaultParts: ReadonlySet<string> = new Set([
  'popularity',
  'trending',
  'item-neighbours',
  'collaborative',
  'markov',
  'content',
  'buy-again',
]);

const parts: readonly PartFactory[] = singleModels.map(factory => ({
  ...factory,
  isDefault: defaultParts.has(factory.name),
}));

/** Factories of all models. */
export const modelFactories: readonly ModelFactory[] = [
  ...singleModels,
  {
    name: 'ensemble',
    settings: ensembleSettings(parts),
    create: overrides => ensemble(parts, overrides),
  },
];

/**
 * Models that are trained by default: in seconds, or minutes at most on a million events. The parts of the ensemble come before it,
 * because it takes what they publish. Networks and large linear models are opt-in; so is session-neighbours, because it
 * stores sessions.
 */
export const defaultModels: readonly string[] = [
  'popularity',
  'trending',
  'content',
  'item-neighbours',
  'collaborative',
  'markov',
  'buy-again',
  'ensemble',
  'baskets',
];

/**
 * Returns the model of a name.
 *
 * @throws {GatewayError} BAD_USER_INPUT on an unknown name or setting (the message lists the known ones)
 */
export function modelByName(name: string, overrides?: SettingOverrides): Model {
  const factory = modelFactories.find(candidate => candidate.name === name);
  if (factory)
    return { ...factory.create(overrides), settings: settingValuesOf(factory.settings, overrides) };
  const known = modelFactories.map(candidate => candidate.name).join(', ');
  throw new GatewayError(
    'BAD_USER_INPUT',
    `Expected a model among ${known}; got ${name}. Choose one of these.`,
    {
      model: name,
    },
  );
}
