import { affinity } from './affinity';
import { completeJourney } from './completeJourney';
import { movielens } from './movielens';
import { onlineRetail } from './onlineRetail';
import type { Preset } from './preset';
import { retailrocket } from './retailrocket';
import { taobaoUserBehavior } from './taobaoUserBehavior';

/** Every preset, by name. */
export const presets: ReadonlyMap<string, Preset> = new Map(
  [affinity, onlineRetail, completeJourney, taobaoUserBehavior, movielens, retailrocket].map(preset => [
    preset.name,
    preset,
  ]),
);
