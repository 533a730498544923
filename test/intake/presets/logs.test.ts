import { affinity } from '../../../src/intake/presets/affinity';
import { movielens } from '../../../src/intake/presets/movielens';
import { retailrocket } from '../../../src/intake/presets/retailrocket';
import { taobaoUserBehavior } from '../../../src/intake/presets/taobaoUserBehavior';
import { presetNow, readPreset } from '../../support/readPreset';

describe('taobao-user-behavior', () => {
  it('maps the four kinds, and gives each product its category once', () => {
    const rows = readPreset(taobaoUserBehavior, {
      'UserBehavior.csv': [
        '1,9,5,pv,1511544070',
        '1,9,5,fav,1511544071',
        '1,9,5,cart,1511544072',
        '1,9,6,buy,1511544073',
      ].join('\n'),
    });
    expect(rows.events.map(({ id, type, value }) => [id, type, value])).toEqual([
      ['1:9:pv:1511544070', 'VIEW', null],
      ['1:9:fav:1511544071', 'WISHLIST', null],
      ['1:9:cart:1511544072', 'CART_ADD', 1],
      ['1:9:buy:1511544073', 'PURCHASE', 1],
    ]);
    expect(rows.events[0].occurredAt).toBe(1511544070_000);
    expect(rows.products).toEqual([
      { id: '9', categoryPath: ['5'] },
      { id: '9', categoryPath: ['6'] },
    ]);
  });

  it('reports the problem of a line', () => {
    const lines = [
      '1,9,5,pv,1511544070',
      '1,9,5,share,1',
      '1,9,5,pv,',
      '1,9,5,pv,-5',
      '1,9,5,pv,1511544070123',
      '1,9,5,pv',
    ];
    expect(readPreset(taobaoUserBehavior, { x: lines.join('\n') }).problems).toEqual([
      [2, 'TYPE_UNKNOWN'],
      [3, 'TIME_INVALID'],
      [4, 'TIME_TOO_OLD'],
      [5, 'TIME_IN_FUTURE'],
      [6, 'COLUMN_COUNT'],
    ]);
  });
});

describe('movielens', () => {
  it('reads RecBole’s atomic files', () => {
    const rows = readPreset(movielens, {
      'ml-100k.inter':
        'user_id:token\titem_id:token\trating:float\ttimestamp:float\n196\t242\t3\t881250949\n196\t1\t9\t881250949',
      'ml-100k.item':
        'item_id:token\tmovie_title:token_seq\trelease_year:token\tclass:token_seq\n1\tToy "Story"\t1995\tAnimation Comedy',
      'ml-100k.user':
        'user_id:token\tage:token\tgender:token\toccupation:token\tzip_code:token\n1\t24\tM\ttechnician\t85711',
    });
    expect(rows.events).toMatchObject([
      { id: '196:242', type: 'RATING', value: 3, occurredAt: 881250949_000 },
    ]);
    expect(rows.problems).toEqual([[3, 'VALUE_OUT_OF_RANGE']]);
    expect(rows.products).toMatchObject([
      {
        id: '1',
        title: 'Toy "Story"',
        tags: ['Animation', 'Comedy'],
        categoryPath: ['Animation'],
        attributes: { releaseYear: '1995' },
      },
    ]);
    expect(rows.users).toEqual([
      { id: '1', attributes: { age: '24', gender: 'M', occupation: 'technician' } },
    ]);
  });

  it('reads the original files in Latin-1, and an order without times', () => {
    const rows = readPreset(movielens, {
      'movies.dat': Uint8Array.from(Buffer.from('73::Misérables, Les (1995)::Drama|Musical\n', 'latin1')),
      'users.dat': '1::F::1::10::48067\n',
      'ratings_ordered.csv': 'user,movie,rating,seq\n1,73,4,0\n1,74,5,1\n',
      'ratings.dat': '2::73::5::978300760\n',
    });
    expect(rows.products).toMatchObject([
      { id: '73', title: 'Misérables, Les', attributes: { releaseYear: '1995' } },
    ]);
    expect(rows.users).toEqual([{ id: '1', attributes: { age: '1', gender: 'F', occupation: '10' } }]);
    expect(rows.events.map(({ id, occurredAt }) => [id, occurredAt])).toEqual([
      ['1:73', Date.UTC(2000, 0, 1, 0, 0)],
      ['1:74', Date.UTC(2000, 0, 1, 0, 1)],
      ['2:73', 978300760_000],
    ]);
  });
});

describe('retailrocket', () => {
  it('reads the kind from the file’s name and puts the events in order', () => {
    const text = 'visitorid\titemid\tevent\n1\t16\t1\n2\t21\t1\n';
    const { events, products } = readPreset(retailrocket, {
      'purchase_ecommerce.dat': text,
      'view_ecommerce.dat': text,
      'add_to_cart_ecommerce.dat': text,
    });
    expect(events.map(({ id, type }) => [id, type])).toEqual([
      ['view:1:16', 'VIEW'],
      ['view:2:21', 'VIEW'],
      ['add_to_cart:1:16', 'CART_ADD'],
      ['add_to_cart:2:21', 'CART_ADD'],
      ['purchase:1:16', 'PURCHASE'],
      ['purchase:2:21', 'PURCHASE'],
    ]);
    const times = events.map(event => event.occurredAt);
    expect(times).toEqual([...times].sort((left, right) => left - right));
    // Without a row a product would be in no list.
    expect(products).toEqual([{ id: '16' }, { id: '21' }]);
  });

  it('reads the original events.csv', () => {
    const rows = readPreset(retailrocket, {
      'events.csv':
        'timestamp,visitorid,event,itemid,transactionid\n1433221332117,257597,transaction,355908,77\n1433221332117,1,open,2,',
    });
    expect(rows.events).toMatchObject([{ type: 'PURCHASE', sessionId: '77', occurredAt: 1433221332117 }]);
    expect(rows.problems).toEqual([[3, 'TYPE_UNKNOWN']]);
  });
});

describe('affinity', () => {
  it('reads what export writes, keeping the instant of receipt', () => {
    const event = {
      kind: 'event',
      id: 'e',
      userId: 'u',
      type: 'VIEW',
      productId: 'p',
      occurredAt: '2026-01-01T00:00:00.000Z',
    };
    const lines = [
      { kind: 'product', id: 'p', title: 'Mug' },
      { kind: 'user', id: 'u' },
      { ...event, receivedAt: '2026-01-02T00:00:00.000Z' },
      event,
      { kind: 'order' },
      { ...event, value: '3', type: 'PURCHASE' },
      { ...event, receivedAt: 'yesterday' },
      7,
    ];
    const rows = readPreset(affinity, { 'x.jsonl': lines.map(line => JSON.stringify(line)).join('\n') });
    expect(rows.products).toEqual([{ id: 'p', title: 'Mug' }]);
    expect(rows.users).toEqual([{ id: 'u' }]);
    expect(rows.events.map(({ receivedAt }) => receivedAt)).toEqual([Date.UTC(2026, 0, 2), presetNow]);
    expect(rows.problems).toEqual([
      [5, 'KIND_UNKNOWN'],
      [6, 'VALUE_NOT_A_NUMBER'],
      [7, 'TIME_INVALID'],
      [8, 'NOT_AN_OBJECT'],
    ]);
  });
});
