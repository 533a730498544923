import type { ArtifactArray } from '../../artifact/artifact';
import { checkNeeds } from '../../learning/needs';
import { productArrays, productsOf } from '../../learning/productArrays';
import { type SettingOverrides, settingValuesOf } from '../../learning/settings';
import { preferencesOf } from '../../snapshot/preferences';
import type { ModelCard, ModelOf } from '../model';
import { linkArrays, loadLinks, strengthsOf } from '../productLinks';
import { easeSettings } from './settings';
import { trainLinks } from './train';

const card = {
  name: 'ease',
  summary:
    'A matrix of weights between products, solved in closed form: how much liking one predicts liking each other.',
  source: 'Steck 2019, "Embarrassingly shallow autoencoders for sparse data"',
  needs: { events: 20, users: 5 },
  capabilities: ['similar'],
  servesAs: 'MODEL',
} as const satisfies ModelCard;

/**
 * A linear autoencoder without self-links, in closed form: see train.ts. Disliked products lower the scores
 * of the products linked to them. The scores of shoppers without history are NaN. The seed is not used.
 *
 * @throws {GatewayError} BAD_USER_INPUT on a setting out of range
 */
export function ease(overrides?: SettingOverrides): ModelOf<typeof card> {
  const config = settingValuesOf(easeSettings, overrides);
  return {
    card,
    async train(snapshot, context) {
      const preferences = preferencesOf(snapshot);
      checkNeeds(card, snapshot, preferences);
      const links = await trainLinks(strengthsOf(preferences), config, context);
      const { digest, asOf, products } = snapshot;
      return {
        header: { model: card.name, config, snapshotDigest: digest, asOf, seed: context.seed },
        arrays: new Map<string, ArtifactArray>([
          ...productArrays(products),
          ...linkArrays(links, config.historyDecay),
        ]),
      };
    },
    load: artifact => loadLinks(artifact, productsOf(artifact)),
  };
}
