import { toShopId } from '../../src/domain/ids';
import { dataFile, describeWithData } from '../support/data';
import { importInto, makeTestFolder, presetNamed, type TestFolder } from '../support/importRun';

let folder: TestFolder;
beforeAll(() => {
  folder = makeTestFolder();
});
afterAll(() => folder.remove());

describeWithData('online-retail', 'the whole of Online Retail', () => {
  it('agrees with the counts in ../shared/data/README.md', async () => {
    const { summary, stores } = await importInto(folder, presetNamed('online-retail'), [
      dataFile('online-retail', 'online_retail.csv.gz'),
    ]);
    expect(summary.files).toMatchObject([
      {
        lines: 541_909,
        accepted: 397_924 + 8_905,
        duplicates: 0,
        rejected: { NO_CUSTOMER: 135_080 },
        facts: {
          'lines without a customer': 135_080,
          'cancellation lines': 9_288,
          'lines with quantity <= 0': 10_624,
          'lines with price <= 0': 2_517,
          'lines without a description': 1_454,
          'purchases by a known customer': 397_924,
          customers: 4_372,
          'stock codes': 4_070,
        },
      },
    ]);
    expect(summary.products.total).toBe(4_070);
    expect(summary.users.total).toBe(4_372);
    expect(await stores.interactions.count(toShopId('s'))).toBe(406_829);
  }, 240_000);
});
