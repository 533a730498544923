import { z } from 'zod';
import { type AudienceFilter, filterProblems } from '../domain/audience';
import {
  type CampaignSettings,
  campaignChannels,
  campaignObjectives,
  type OfferTerms,
  offerKinds,
} from '../domain/campaign';
import { toProductId } from '../domain/ids';
import { weekdays } from '../domain/localTime';
import { isStorable } from './storable';

/** Texts of exports; others could not be stored. */
const word = z.string().max(1_000).refine(isStorable);
const id = z.string().min(1).max(256).refine(isStorable);
const money = z.number().int().min(0).max(2_147_483_647);
const minute = z.number().int().min(0).max(1440);
const share = z.number().min(0).max(1);
const days = z.number().int().min(1).max(3650);
const categories = z.array(z.array(word).min(1)).max(200);

const productUse = z.strictObject({
  productIds: z.array(id.transform(toProductId)).max(200),
  categories,
  days,
});

/** A condition; its bounds are those of domain/audience.ts. */
const filter: z.ZodType<AudienceFilter> = z.lazy(() =>
  z.union([
    z.strictObject({ all: z.array(filter).max(50) }),
    z.strictObject({ any: z.array(filter).max(50) }),
    z.strictObject({ not: filter }),
    z.strictObject({ interestTag: z.strictObject({ tagId: id, minWeight: share }) }),
    z.strictObject({ bought: productUse }),
    z.strictObject({ viewed: productUse }),
    z.strictObject({
      orders: z.strictObject({ atLeast: z.number().int().min(1).max(10_000), days: days.nullable() }),
    }),
    z.strictObject({
      lastOrder: z.strictObject({ olderThanDays: days.nullable(), newerThanDays: days.nullable() }),
    }),
    z.strictObject({
      attribute: z.strictObject({ name: word, equals: z.union([word, z.number(), z.boolean()]) }),
    }),
    z.strictObject({ predictedResponse: z.strictObject({ atLeast: share }) }),
  ]),
);

const settings: z.ZodType<CampaignSettings> = z.strictObject({
  objective: z.enum(campaignObjectives),
  channels: z
    .array(z.strictObject({ channel: z.enum(campaignChannels), costMinor: money }))
    .min(1)
    .max(5),
  frequencyCap: z
    .strictObject({ contacts: z.number().int().min(1).max(100), days: z.number().int().min(1).max(365) })
    .nullable(),
  quietHours: z.strictObject({ startMinute: minute.max(1439), endMinute: minute.max(1439) }).nullable(),
  sendingWindows: z
    .array(
      z.strictObject({
        weekdays: z.array(z.enum(weekdays)).min(1).max(7),
        startMinute: minute.max(1439),
        endMinute: minute.min(1),
      }),
    )
    .max(20),
  attributionWindowDays: z.number().int().min(1).max(365).nullable(),
  audience: z.discriminatedUnion('by', [
    z.strictObject({ by: z.literal('MODEL') }),
    z.strictObject({
      by: z.literal('FILTER'),
      filter: filter.refine(found => filterProblems(found, []).length === 0),
    }),
  ]),
});

const terms: z.ZodType<OfferTerms> = z.strictObject({
  kind: z.enum(offerKinds),
  categories,
  points: z.number().int().min(1).max(2_147_483_647).nullable(),
});

/** Deeper values are no filter, and would only be read to be refused. */
const maxJsonLength = 100_000;

function parsed<Value>(schema: z.ZodType<Value>, value: unknown): Value | null {
  if ((JSON.stringify(value) ?? '').length > maxJsonLength) return null;
  const { data, success } = schema.safeParse(value);
  return success ? data : null;
}

/** Reads the settings of a campaign of an export. Null where they are none. */
export const readCampaignSettings = (value: unknown): CampaignSettings | null => parsed(settings, value);

/** Reads the terms of an offer of an export. Null where they are none. */
export const readOfferTerms = (value: unknown): OfferTerms | null => parsed(terms, value);
