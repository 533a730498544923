import { checkNeeds } from '../../learning/needs';
import { settingValuesOf } from '../../learning/settings';
import { preferencesOf } from '../../snapshot/preferences';
import { type Insight, type InsightCard, saveNothing } from '../insight';
import { learnNextAction } from './learn';
import { loadNextAction } from './load';
import { nextActionTasks } from './network/tasks';
import type { NextActionReading } from './reading';
import { nextActionSettings } from './settings';

const card: InsightCard = {
  name: 'next-action',
  summary:
    'What a shopper does next, whether they buy, leave the cart or come back: a recurrent network where it beats counts and trees.',
  source:
    'Hochreiter & Schmidhuber 1997 (LSTM); Cho et al. 2014 (GRU); Friedman 2001, Chen & Guestrin 2016 (trees); Guo et al. 2017 (calibration)',
  needs: { events: 500, users: 20 },
};

/** Learns to predict the next action of any shopper: see candidates.ts, trial.ts and gate.ts. */
export const nextAction: Insight<NextActionReading> = {
  card,
  settings: nextActionSettings,
  async learn(snapshot, context, overrides) {
    const config = settingValuesOf(nextActionSettings, overrides);
    checkNeeds(card, snapshot, preferencesOf(snapshot));
    return await learnNextAction(card.name, snapshot, config, context);
  },
  load: loadNextAction,
  threadTasks: nextActionTasks,
  afterPublish: saveNothing,
};
