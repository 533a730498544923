import { type SettingOverrides, settingValuesOf } from '../../learning/settings';
import type { ModelCard, ModelOf } from '../model';
import { contentArrays, contentFrom } from './arrays';
import { contentScorer } from './score';
import { contentSettings } from './settings';
import { tableOf } from './table';
import { learnContent } from './train';

const card = {
  name: 'content',
  summary:
    'Products whose texts are similar to those the shopper liked, including products without any event.',
  source:
    'Robertson & Zaragoza 2009, "The probabilistic relevance framework: BM25 and beyond"; Gantner et al. 2010, ' +
    '"Learning attribute-to-feature mappings for cold-start recommendations"; Bojanowski et al. 2017, "Enriching word ' +
    'vectors with subword information"',
  needs: { events: 20, users: 5, documents: 2 },
  capabilities: ['similar', 'admit', 'tellLiked'],
  servesAs: 'MODEL',
} as const satisfies ModelCard;

/**
 * Reads products (title, description, categories, tags, attributes, in Chinese and English) and learns which
 * words predict that products are liked together: see learned.ts, score.ts. Scores products without any
 * event, and adds new ones without training (`admit`); the scores of shoppers without history are NaN.
 *
 * @throws {GatewayError} BAD_USER_INPUT on a setting out of range
 */
export function content(overrides?: SettingOverrides): ModelOf<typeof card> {
  const config = settingValuesOf(contentSettings, overrides);
  return {
    card,
    async train(snapshot, context) {
      const learned = await learnContent(snapshot, card, config, context);
      const { digest, asOf, products } = snapshot;
      return {
        header: {
          model: card.name,
          config: learned.reader.config,
          snapshotDigest: digest,
          asOf,
          seed: context.seed,
        },
        arrays: contentArrays(learned, products),
      };
    },
    load(artifact) {
      const { learned, products } = contentFrom(artifact);
      return contentScorer(learned, tableOf(learned, products));
    },
  };
}
