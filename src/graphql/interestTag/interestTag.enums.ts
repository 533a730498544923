import type { InterestTrend } from '../../serving/interestTags/interests';
import { enumOf } from '../enums/enumOf';

export const interestTrendEnum = enumOf<InterestTrend>(
  'InterestTrend',
  'Whether a shopper has turned to something lately, or away from it.',
  {
    RISING: 'More of late than before, and by more than chance.',
    STEADY: 'As before, or too little is known to say.',
    FADING: 'Less of late than before, and by more than chance.',
  },
);
