import { completeJourney } from '../../../src/intake/presets/completeJourney';
import { readPreset } from '../../support/readPreset';

const csv = (...lines: readonly string[]): string => lines.join('\n');
const descriptions = csv('campaign_id,campaign_type,start_date,end_date', '1,Type B,2017-03-03,2017-04-09');
const transactionHeader =
  'household_id,store_id,basket_id,product_id,quantity,sales_value,retail_disc,coupon_disc,coupon_match_disc,week,transaction_timestamp';

describe('complete-journey', () => {
  it('converts transactions to purchases, with the price of one unit', () => {
    const rows = readPreset(completeJourney, {
      'transactions.csv': csv(
        transactionHeader,
        '2261,309,31625220889,940996,2,3.86,0.43,0,0,5,2017-01-28 19:06:53',
        '2261,309,31625220889,983659,0,0,0,0,0,5,2017-01-28 19:06:53',
        '2261,309,31625220889,1,1,abc,0,0,0,5,2017-01-28 19:06:53',
        '2261,309,31625220889,1,x,1,0,0,0,5,2017-01-28 19:06:53',
        '2261,309,31625220889,1,1,1,0,0,0,5,28.1.2017',
      ),
    });
    expect(rows.events).toMatchObject([
      {
        id: '31625220889:940996',
        userId: '2261',
        type: 'PURCHASE',
        value: 2,
        priceMinor: 193,
        sessionId: '31625220889',
        occurredAt: Date.UTC(2017, 0, 28, 19, 6, 53),
      },
    ]);
    expect(rows.products).toEqual([{ id: '940996', priceMinor: 193 }]);
    expect(rows.problems).toEqual([
      [3, 'QUANTITY_NOT_POSITIVE'],
      [4, 'VALUE_NOT_A_NUMBER'],
      [5, 'VALUE_NOT_A_NUMBER'],
      [6, 'TIME_INVALID'],
    ]);
  });
});

describe('complete-journey, in addition to transactions,', () => {
  it('converts products and households, and leaves out blank fields', () => {
    const rows = readPreset(completeJourney, {
      'products.csv': csv(
        'product_id,manufacturer_id,department,brand,product_category,product_type,package_size',
        '25671,2,GROCERY,National,FRZN ICE,ICE - CRUSHED/CUBED,22 LB',
        '26081,2,MISCELLANEOUS,National,,,',
      ),
      'demographics.csv': csv(
        'household_id,age,income,home_ownership,marital_status,household_size,household_comp,kids_count',
        '1003,35-44,25-34K,,Unmarried,1,1 Adult No Kids,0',
      ),
    });
    expect(rows.products).toMatchObject([
      {
        id: '25671',
        title: 'ICE - CRUSHED/CUBED 22 LB',
        categoryPath: ['GROCERY', 'FRZN ICE', 'ICE - CRUSHED/CUBED'],
        tags: ['National'],
        attributes: { manufacturerId: '2', packageSize: '22 LB' },
      },
      {
        id: '26081',
        title: 'MISCELLANEOUS',
        categoryPath: ['MISCELLANEOUS'],
        attributes: { manufacturerId: '2' },
      },
    ]);
    expect(rows.users).toMatchObject([{ id: '1003', attributes: { age: '35-44', kidsCount: '0' } }]);
    expect(rows.users[0].attributes).not.toHaveProperty('homeOwnership');
  });
});

describe('complete-journey’s campaigns', () => {
  it('reads the descriptions first, for any order of the files', () => {
    const rows = readPreset(completeJourney, {
      'coupon_redemptions.csv': csv(
        'household_id,coupon_upc,campaign_id,redemption_date',
        '1029,51380041013,1,2017-03-05',
        '1029,51380041013,9,2017-03-05',
        '1029,51380041013,1,soon',
      ),
      'coupons.csv': csv(
        'coupon_upc,product_id,campaign_id',
        '51380041013,9,1',
        '51380041013,7,1',
        '51380041013,7,1',
      ),
      'campaigns.csv': csv('campaign_id,household_id', '1,105', '9,105'),
      'campaign_descriptions.csv': descriptions,
    });
    const startsAt = Date.UTC(2017, 2, 3);
    expect(rows.campaigns).toMatchObject([
      { id: '1', name: 'Campaign 1 (Type B)', channel: 'MAIL', startsAt },
    ]);
    expect(rows.contacts).toMatchObject([
      { campaignId: '1', userId: '105', arm: 'TREATMENT', contactedAt: startsAt },
    ]);
    expect(rows.offers).toMatchObject([{ id: '1:51380041013', campaignId: '1', productIds: ['9', '7'] }]);
    expect(rows.outcomes).toMatchObject([
      { id: '1:51380041013:1029:2017-03-05', type: 'CONVERSION', occurredAt: Date.UTC(2017, 2, 5) },
    ]);
    expect(rows.problems).toEqual([
      [3, 'CAMPAIGN_UNKNOWN'],
      [3, 'CAMPAIGN_UNKNOWN'],
      [4, 'TIME_INVALID'],
    ]);
  });

  it('refuses an unknown file', () => {
    const promotions = 'product_id,store_id,display_location,mailer_location,week\n1,2,3,0,1';
    expect(() => readPreset(completeJourney, { 'promotions.csv': promotions })).toThrow('promotions.csv');
  });
});
