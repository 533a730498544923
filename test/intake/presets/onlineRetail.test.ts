import { onlineRetail } from '../../../src/intake/presets/onlineRetail';
import { readPreset } from '../../support/readPreset';

const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
const read = (...lines: readonly string[]) =>
  readPreset(onlineRetail, { 'online_retail.csv': [header, ...lines].join('\r\n') });

describe('online-retail', () => {
  it('converts the line of a known customer to a purchase', () => {
    const { events, users } = read(
      '536365,85123A,WHITE HANGING HEART,6,2010-12-01 08:26:00,2.55,17850.0,EIRE',
    );
    expect(events).toEqual([
      expect.objectContaining({
        id: '536365:85123A:1',
        userId: '17850',
        productId: '85123A',
        type: 'PURCHASE',
        value: 6,
        priceMinor: 255,
        sessionId: '536365',
        occurredAt: Date.UTC(2010, 11, 1, 8, 26),
      }),
    ]);
    expect(users).toEqual([{ id: '17850', attributes: { country: 'EIRE' } }]);
  });

  it('converts a cancellation to a return with a positive number of units', () => {
    const { events } = read('C536379,22423,CAKESTAND,-2,2010-12-01 09:41:00,27.5,14527.0,United Kingdom');
    expect(events).toMatchObject([{ type: 'RETURN', value: 2, priceMinor: 2750 }]);
  });

  it('distinguishes equal lines of one invoice, with the same numbers on each reading', () => {
    const line = '536409,22111,"SCOTTIE DOG, HOT",1,2010-12-01 11:45:00,4.95,17908.0,United Kingdom';
    const ids = ['536409:22111:1', '536409:22111:2'];
    expect(read(line, line).events.map(event => event.id)).toEqual(ids);
    expect(read(line, line).events.map(event => event.id)).toEqual(ids);
  });
});

describe('online-retail’s catalogue', () => {
  it('uses a line without customer for the catalogue only', () => {
    const { events, products, problems } = read(
      '536544,21773,ROSE BOTTLE,1,2010-12-01 14:32:00,2.51,,United Kingdom',
    );
    expect(events).toEqual([]);
    expect(problems).toEqual([[2, 'NO_CUSTOMER']]);
    expect(products).toMatchObject([{ id: '21773', title: 'ROSE BOTTLE', priceMinor: 251, isActive: true }]);
  });

  it('uses the title and the price of most sales, and never a remark on stock', () => {
    const { products } = read(
      '1,22423,damaged?,-5,2010-12-01 08:26:00,0.0,,United Kingdom',
      '2,22423,REGENCY  CAKESTAND ,1,2010-12-01 08:26:00,12.75,1.0,France',
      '3,22423,REGENCY CAKESTAND,1,2010-12-01 08:26:00,12.75,1.0,France',
      '4,22423,OTHER,1,2010-12-01 08:26:00,10.95,1.0,France',
      '5,84726,wet,-5,2010-12-01 08:26:00,0.0,,United Kingdom',
    );
    expect(products).toMatchObject([
      { id: '22423', title: 'REGENCY CAKESTAND', priceMinor: 1275, isActive: true },
      { id: '84726', isActive: false },
    ]);
    expect(products[1]).not.toHaveProperty('title');
  });

  it.each([
    'POST',
    'M',
    'D',
    'BANK CHARGES',
    'AMAZONFEE',
    'DOT',
    'CRUK',
    'PADS',
    'C2',
    'S',
    'B',
    'gift_0001_20',
  ])('keeps the booking %s, but makes its product inactive', code => {
    const { events, products } = read(`1,${code},Booking,1,2010-12-01 08:26:00,1.5,1.0,France`);
    expect(events).toHaveLength(1);
    expect(products).toMatchObject([{ id: code, isActive: false }]);
  });
});

describe('online-retail’s counts', () => {
  it('agree with the known counts of the data set', () => {
    const { facts } = read(
      '1,22423,CAKESTAND,1,2010-12-01 08:26:00,12.75,1.0,France',
      'C2,22423,CAKESTAND,-1,2010-12-01 08:26:00,12.75,1.0,France',
      '3,22424,,-4,2010-12-01 08:26:00,0.0,,United Kingdom',
    );
    expect(facts).toEqual({
      'lines without a customer': 1,
      'cancellation lines': 1,
      'lines with quantity <= 0': 2,
      'lines with price <= 0': 1,
      'lines without a description': 1,
      'purchases by a known customer': 1,
      'returns by a known customer': 1,
      customers: 1,
      'stock codes': 2,
    });
  });

  it.each([
    ['1,22423,CAKE,six,2010-12-01 08:26:00,2.55,1.0,France', 'NUMBER_INVALID'],
    ['1,22423,CAKE,6,2010-12-01 08:26:00,"2,55",1.0,France', 'NUMBER_INVALID'],
    ['1,22423,CAKE,6,01/12/2010 08:26,2.55,1.0,France', 'TIME_INVALID'],
    ['1,22423,CAKE,6,1910-12-01 08:26:00,2.55,1.0,France', 'TIME_TOO_OLD'],
    ['1,22423,CAKE,6,2910-12-01 08:26:00,2.55,1.0,France', 'TIME_IN_FUTURE'],
    ['1,22423,CAKE,-6,2010-12-01 08:26:00,2.55,1.0,France', 'QUANTITY_NOT_POSITIVE'],
    ['1,22423,CAKE,6,2010-12-01 08:26:00,-2.55,1.0,France', 'PRICE_INVALID'],
    ['1,22423,CAKE,6,2010-12-01 08:26:00,99999999999,1.0,France', 'PRICE_INVALID'],
    ['1,,CAKE,6,2010-12-01 08:26:00,2.55,,France', 'ID_MISSING'],
    [`1,22423,${'X'.repeat(1001)},6,2010-12-01 08:26:00,2.55,,France`, 'TEXT_TOO_LONG'],
    ['1,22423,CAKE,6,2010-12-01 08:26:00,2.55,1.0', 'COLUMN_COUNT'],
  ])('reports the problem of %s', (line, code) => {
    const { problems, events } = read(line);
    expect(problems).toEqual([[2, code]]);
    expect(events).toEqual([]);
  });
});
