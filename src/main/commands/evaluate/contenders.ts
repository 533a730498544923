import { type Contender, modelContender } from '../../../evaluation/contender';
import { declares } from '../../../models/capability';
import type { ModelCard } from '../../../models/model';
import { defaultModels, modelFactories } from '../../../models/registry';
import { configOf, type EvaluateOptions, invalid } from './options';

/**
 * Models without --models: those of a shop that are trained by default, those that predict ratings, or all that can train on the
 * files of the task. Only a shop has purchases of one shopper at several times, so only there are repeats learned.
 */
function modelsOfTask(task: string): readonly string[] {
  if (task === 'shop') return defaultModels;
  const isDefault = (card: ModelCard): boolean =>
    task === 'rating'
      ? declares(card, 'rate')
      : !declares(card, 'buyAgain') && (card.needs.documents === undefined || task === 'cold-items');
  return modelFactories.filter(factory => isDefault(factory.create().card)).map(factory => factory.name);
}

/**
 * Creates all requested models before any file is read, so that a misspelt setting fails at once.
 *
 * @throws {GatewayError} EVALUATION_INVALID
 */
export function createContenders(options: EvaluateOptions): readonly Contender[] {
  const { models = modelsOfTask(options.task), set = [] } = options;
  const other = set.find(override => !models.includes(override.model));
  if (other)
    throw invalid(`--set for a model in --models (${models.join(', ')})`, other.model, 'Add it there.');
  if (options.models?.length === 0) throw invalid('at least one model in --models', 'none', 'Name one.');
  return models.map(name => modelContender(name, configOf(options, name)));
}
