import { checkNeeds } from '../../learning/needs';
import { settingValuesOf } from '../../learning/settings';
import { preferencesOf } from '../../snapshot/preferences';
import type { Insight, InsightCard } from '../insight';
import { learnNextAction } from './learn';
import { nextActionSettings } from './settings';

const card: InsightCard = {
  name: 'next-action',
  summary:
    'What a shopper does next, whether they buy, leave the cart or come back: a recurrent network where it beats counts and trees.',
  source:
    'Hochreiter & Schmidhuber 1997 (LSTM); Cho et al. 2014 (GRU); Friedman 2001, Chen & Guestrin 2016 (trees); Guo et al. 2017 (calibration)',
  needs: { events: 500, users: 20 },
};

/** Learns to foretell the next action of any shopper. */
export function nextAction(overrides?: Readonly<Record<string, number>>): Insight {
  const settings = settingValuesOf(nextActionSettings, overrides);
  return {
    card,
    settings,
    async learn(snapshot, context) {
      checkNeeds(card, snapshot, preferencesOf(snapshot));
      return learnNextAction(card.name, snapshot, settings, context);
    },
  };
}
