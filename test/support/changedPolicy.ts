import { interactionTypes } from '../../src/domain/interaction';
import type { PolicyOverrides } from '../../src/domain/shopPolicy';

/** A value other than the default for each setting. */
export const changedPolicy: PolicyOverrides = {
  ...Object.fromEntries(interactionTypes.map((type, at) => [`eventWeights.${type}`, at / 8])),
  'alreadySeen.rule': 'EXCLUDE_SEEN',
  'alreadySeen.days': 7,
  'newcomers.every': 0,
  'newcomers.days': 30,
  'discovery.every': 3,
  'retention.interactionDays': 400,
  'retention.listDays': 60,
  attributionWindowDays: 14,
  'campaigns.maxContacts': 2,
  'campaigns.capDays': 14,
  'campaigns.quietFromMinute': 1200,
  'campaigns.quietToMinute': 600,
  'campaigns.timeZone': 'Asia/Shanghai',
};
