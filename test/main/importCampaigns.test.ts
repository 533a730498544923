import { toCampaignId, toShopId } from '../../src/domain/ids';
import { createMemoryStores } from '../../src/store/memory/stores';
import type { Stores } from '../../src/store/ports/stores';
import { importInto, makeTestFolder, presetNamed, type TestFolder } from '../support/importRun';

const shopId = toShopId('s');
const campaignId = toCampaignId('1');
let folder: TestFolder;
beforeEach(() => {
  folder = makeTestFolder();
});
afterEach(() => folder.remove());

async function campaignsOf(stores: Stores): Promise<unknown> {
  const [offers, counts] = await Promise.all([
    stores.campaigns.offersOf(shopId, [campaignId]),
    stores.campaigns.contactCountsOf(shopId, [campaignId]),
  ]);
  return { offers: offers.get(campaignId), counts: counts.get(campaignId) };
}

describe('files that depend on each other', () => {
  it('can be imported by one command in any order, and extended by a later one', async () => {
    const descriptions = folder.write(
      'campaign_descriptions.csv',
      'campaign_id,campaign_type,start_date,end_date\n1,Type B,2017-03-03,2017-04-09\n',
    );
    const contacts = folder.write('campaigns.csv', 'campaign_id,household_id\n1,105\n1,106\n');
    const coupons = folder.write('coupons.csv', 'coupon_upc,product_id,campaign_id\n77,9,1\n77,8,1\n');
    const stores = createMemoryStores();
    const how = presetNamed('complete-journey');
    await importInto(folder, how, [contacts, descriptions], { stores });
    // The campaign descriptions are finished, but the coupons still depend on them.
    const { summary } = await importInto(folder, how, [coupons, descriptions], { stores });
    expect(summary.files).toMatchObject([
      { name: 'campaign_descriptions.csv', wasDone: true },
      { name: 'coupons.csv', wasDone: false, rejected: {} },
    ]);
    expect(await campaignsOf(stores)).toMatchObject({
      offers: [{ id: '1:77', productIds: ['9', '8'] }],
      counts: { treatment: 2, holdout: 0 },
    });
  });
});
