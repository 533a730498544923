import type { InterestTrend } from '../../serving/interestTags/interests';
import { enumOf } from '../enums/enumOf';

export const interestTrendEnum = enumOf<InterestTrend>(
  'InterestTrend',
  "Recent change of a shopper's interest.",
  {
    RISING: 'Recently stronger than before, by more than chance.',
    STEADY: 'Unchanged, or too little data to tell.',
    FADING: 'Recently weaker than before, by more than chance.',
  },
);
