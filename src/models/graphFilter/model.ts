import type { ArtifactArray } from '../../artifact/artifact';
import { checkNeeds } from '../../learning/needs';
import { productArrays, productsOf } from '../../learning/productArrays';
import { type SettingOverrides, settingValuesOf } from '../../learning/settings';
import { preferencesOf } from '../../snapshot/preferences';
import type { ModelCard, ModelOf } from '../model';
import { linkArrays, loadLinks, strengthsOf } from '../productLinks';
import { lowPassArrays, withLowPass } from './lowPass';
import { graphFilterSettings } from './settings';
import { trainFilter } from './train';

const card = {
  name: 'graph-filter',
  summary: 'Likes smoothed and then sharpened over the graph of shoppers and products, in closed form.',
  source:
    'Shen et al. 2021, "How powerful is graph convolution for recommendation?"; Choi et al. 2023, ' +
    '"Blurring-sharpening process models for collaborative filtering"',
  needs: { events: 20, users: 5 },
  capabilities: ['similar'],
  servesAs: 'MODEL',
} as const satisfies ModelCard;

/**
 * A graph filter in closed form: see train.ts. Disliked products lower the scores of the products linked to
 * them. The scores of shoppers without history are NaN. The seed only sets the start of the search for the
 * low-pass filter's vectors.
 *
 * @throws {GatewayError} BAD_USER_INPUT on a setting out of range
 */
export function graphFilter(overrides?: SettingOverrides): ModelOf<typeof card> {
  const config = settingValuesOf(graphFilterSettings, overrides);
  return {
    card,
    async train(snapshot, context) {
      const preferences = preferencesOf(snapshot);
      checkNeeds(card, snapshot, preferences);
      const { links, lowPass } = await trainFilter(strengthsOf(preferences), config, context);
      const { digest, asOf, products } = snapshot;
      return {
        header: { model: card.name, config, snapshotDigest: digest, asOf, seed: context.seed },
        arrays: new Map<string, ArtifactArray>([
          ...productArrays(products),
          ...linkArrays(links, config.historyDecay),
          ...lowPassArrays(lowPass),
        ]),
      };
    },
    load: artifact => withLowPass(artifact, loadLinks(artifact, productsOf(artifact))),
  };
}
