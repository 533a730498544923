import { type ProductId, toCampaignId, toProductId, toUserId } from '../../domain/ids';
import { Fields } from '../fields';
import { parseDecimal } from '../numbers';
import { describeValue, type Problem, problem } from '../rejections';
import { parseUtc } from '../time';
import { CatalogueBook } from './catalogueBook';
import { csv, hasHeader, tidy } from './columns';
import { giveEvent, giveProduct, giveUser } from './give';
import type { DelimitedReader, FileHead, ImportContext, Preset, PresetSession, RowSink } from './preset';

const headers = {
  descriptions: 'campaign_id,campaign_type,start_date,end_date',
  products: 'product_id,manufacturer_id,department,brand,product_category,product_type,package_size',
  demographics:
    'household_id,age,income,home_ownership,marital_status,household_size,household_comp,kids_count',
  campaigns: 'campaign_id,household_id',
  coupons: 'coupon_upc,product_id,campaign_id',
  transactions:
    'household_id,store_id,basket_id,product_id,quantity,sales_value,retail_disc,coupon_disc,coupon_match_disc,week,transaction_timestamp',
  redemptions: 'household_id,coupon_upc,campaign_id,redemption_date',
} as const;

type Kind = keyof typeof headers;
const kinds = Object.keys(headers) as Kind[];

/**
 * The Complete Journey (dunnhumby): a grocer's files, recognised by their headers and read in the order of their dependencies.
 * A transaction line is a PURCHASE; households are users; campaigns, coupons and redemptions become campaigns, offers and
 * CONVERSION outcomes. Times have no zone and are read as UTC; values are US dollars.
 */
export const completeJourney: Preset = {
  name: 'complete-journey',
  version: 1,
  files: `CSVs with the headers of ${kinds.join(', ')}`,
  currency: 'USD',
  start: startSession,
};

function startSession(context: ImportContext): PresetSession {
  const starts = new Map<string, number>();
  const openers: Readonly<Record<Kind, () => DelimitedReader>> = {
    descriptions: () => reader(4, (fields, sink) => readDescription(fields, starts, context, sink)),
    products: () => reader(7, (fields, sink) => readProduct(fields, context, sink)),
    demographics: () => reader(8, (fields, sink) => readHousehold(fields, context, sink)),
    campaigns: () => reader(2, (fields, sink) => readContact(fields, starts, context, sink)),
    coupons: () => couponReader(starts),
    transactions: () => transactionReader(context),
    redemptions: () => reader(4, (fields, sink) => readRedemption(fields, starts, context, sink)),
  };
  const kindOf = (head: FileHead): Kind | undefined => kinds.find(kind => hasHeader(head, headers[kind]));
  return {
    open: head => {
      const kind = kindOf(head);
      return kind ? openers[kind]() : null;
    },
    order: head => kinds.findIndex(kind => hasHeader(head, headers[kind])),
  };
}

type Read = (fields: readonly string[], sink: RowSink) => Problem | null;

function reader(columns: number, read: Read): DelimitedReader {
  return { ...csv(columns), read: (fields, _lineNumber, sink) => read(fields, sink) };
}

/** All campaigns were sent by mail and are completed. */
function readDescription(
  [id, type, startDate, endDate]: readonly string[],
  starts: Map<string, number>,
  context: ImportContext,
  sink: RowSink,
): Problem | null {
  const startsAt = parseUtc(startDate);
  const endsAt = parseUtc(endDate);
  if (Number.isNaN(startsAt)) return notADay('start_date', startDate);
  if (Number.isNaN(endsAt)) return notADay('end_date', endDate);
  const found = checkIds({ campaign_id: id, campaign_type: type });
  if (found) return found;
  starts.set(id, startsAt);
  sink.campaign({
    shopId: context.shopId,
    id: toCampaignId(id),
    name: `Campaign ${id} (${type})`,
    status: 'COMPLETED',
    channel: 'MAIL',
    budgetMinor: null,
    holdoutRate: 0,
    startsAt,
    endsAt,
    createdAt: startsAt,
    updatedAt: startsAt,
  });
  return null;
}

/** The files have no titles: the product type and the package size are used instead. */
function readProduct(fields: readonly string[], context: ImportContext, sink: RowSink): Problem | null {
  const [id, manufacturerId, department, brand, category, type, size] = fields;
  const product = {
    id,
    title: tidy(`${type || category || department} ${size}`),
    locale: 'en',
    categoryPath: [department, category, type].filter(level => level !== ''),
    tags: [brand].filter(tag => tag !== ''),
    currency: 'USD',
    attributes: known({ manufacturerId, packageSize: size }),
  };
  return giveProduct(product, context, sink);
}

function readHousehold(fields: readonly string[], context: ImportContext, sink: RowSink): Problem | null {
  const [id, age, income, homeOwnership, maritalStatus, householdSize, householdComposition, kidsCount] =
    fields;
  const attributes = known({
    age,
    income,
    homeOwnership,
    maritalStatus,
    householdSize,
    householdComposition,
    kidsCount,
  });
  return giveUser({ id, attributes }, context, sink);
}

/** The files have no day of contact: the first day of the campaign is used. */
function readContact(
  [id, household]: readonly string[],
  starts: ReadonlyMap<string, number>,
  context: ImportContext,
  sink: RowSink,
): Problem | null {
  const contactedAt = starts.get(id);
  if (contactedAt === undefined) return unknownCampaign;
  const found = giveUser({ id: household }, context, sink);
  if (found) return found;
  sink.contact({
    campaignId: toCampaignId(id),
    userId: toUserId(household),
    offerId: null,
    arm: 'TREATMENT',
    propensity: null,
    contactedAt,
  });
  return null;
}

/** Collects the products of each coupon. Memory grows with the lines of this file only. */
function couponReader(starts: ReadonlyMap<string, number>): DelimitedReader {
  const products = new Map<string, Map<string, Set<ProductId>>>();
  return {
    ...csv(3),
    read: ([coupon, product, campaign]) => {
      if (!starts.has(campaign)) return unknownCampaign;
      const found = checkIds({ coupon_upc: coupon, product_id: product });
      if (found) return found;
      const ofCampaign = products.get(campaign) ?? new Map<string, Set<ProductId>>();
      products.set(campaign, ofCampaign);
      ofCampaign.set(coupon, (ofCampaign.get(coupon) ?? new Set()).add(toProductId(product)));
      return null;
    },
    finish: sink => {
      for (const [campaign, coupons] of products) {
        for (const [coupon, productIds] of coupons) {
          sink.offer({
            id: `${campaign}:${coupon}`,
            campaignId: toCampaignId(campaign),
            title: `Coupon ${coupon}`,
            discountRate: null,
            discountMinor: null,
            productIds: [...productIds],
            costMinor: null,
          });
        }
      }
    },
  };
}

function readRedemption(
  [household, coupon, campaign, day]: readonly string[],
  starts: ReadonlyMap<string, number>,
  context: ImportContext,
  sink: RowSink,
): Problem | null {
  const occurredAt = parseUtc(day);
  if (Number.isNaN(occurredAt)) return notADay('redemption_date', day);
  if (!starts.has(campaign)) return unknownCampaign;
  const found = checkIds({ coupon_upc: coupon }) ?? giveUser({ id: household }, context, sink);
  if (found) return found;
  sink.outcome({
    id: `${campaign}:${coupon}:${household}:${day}`,
    campaignId: toCampaignId(campaign),
    userId: toUserId(household),
    type: 'CONVERSION',
    valueMinor: null,
    occurredAt,
  });
  return null;
}

/** A basket has one line per product; its unit price is the sales value divided by the quantity. Prices also go to the catalogue. */
function transactionReader(context: ImportContext): DelimitedReader {
  const prices = new CatalogueBook(context);
  return {
    ...csv(11),
    read: (fields, _lineNumber, sink) => readTransaction(fields, prices, context, sink),
    finish: sink => prices.give(sink, () => ({})),
  };
}

function readTransaction(
  fields: readonly string[],
  prices: CatalogueBook,
  context: ImportContext,
  sink: RowSink,
): Problem | null {
  const [userId, , sessionId, productId, quantityText, valueText] = fields;
  const quantity = parseDecimal(quantityText);
  const priceMinor = Math.round((parseDecimal(valueText) * 100) / quantity);
  if (quantity <= 0) return noQuantity;
  const event = {
    id: `${sessionId}:${productId}`,
    userId,
    productId,
    type: 'PURCHASE',
    value: quantity,
    priceMinor,
    sessionId,
    occurredAt: new Date(parseUtc(fields[10])),
  };
  return (
    giveEvent(event, context, sink) ??
    prices.note({ id: productId, title: null, priceMinor, isSale: priceMinor > 0 })
  );
}

/** Returns the columns that are not empty. */
function known(columns: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== ''));
}

function checkIds(columns: Readonly<Record<string, string>>): Problem | null {
  const fields = new Fields(columns);
  for (const name of Object.keys(columns)) fields.id(name);
  return fields.problem;
}

const unknownCampaign = problem(
  'CAMPAIGN_UNKNOWN',
  'campaign_id',
  'a campaign of campaign_descriptions.csv',
  'another one',
  'Give that file in the same command.',
);
const noQuantity = problem(
  'QUANTITY_NOT_POSITIVE',
  'quantity',
  'a quantity above 0',
  'zero or below',
  'Nothing was bought.',
);

function notADay(field: string, text: string): Problem {
  return problem('TIME_INVALID', field, 'a day such as 2017-03-03', describeValue(text), 'Correct the day.');
}
