import { readEventsFile } from '../../../src/evaluation/files/eventsFile';
import { lineSourceOf } from '../../support/lineSource';

describe('readEventsFile', () => {
  it('reads columns in any order, event names of Taobao, seconds and categories', async () => {
    const source = lineSourceOf(
      ['1,10,7,pv,1511544070', '1,11,7,buy,1511561733', '2,10,7,cart,1511561733'].join('\n'),
    );
    const columns = new Map([
      ['user', '1'],
      ['item', '2'],
      ['category', '3'],
      ['type', '4'],
      ['time', '5'],
    ]);
    const { events: read, documents, products } = await readEventsFile(source, columns);
    expect([...read.occurredAt]).toEqual([1511544070000, 1511561733000, 1511561733000]);
    expect([...read.type]).toEqual([0, 6, 3]);
    expect(documents?.[products.rowOf('11')]?.categoryPath).toEqual(['7']);
  });

  it('keeps searches without an item, and only the first users when they are limited', async () => {
    const source = lineSourceOf(
      [
        'userId,productId,type,occurredAt,sessionId',
        'a,,SEARCH,2026-01-01T00:00:00Z,s',
        'a,p,VIEW,2026-01-01T00:01:00Z,s',
        'b,p,VIEW,2026-01-01T00:02:00Z,t',
      ].join('\n'),
    );
    const { texts, users, events: read } = await readEventsFile(source, new Map(), 1);
    expect([texts?.length, users.size, read.length]).toEqual([1, 1, 1]);
  });

  it.each([
    ['a type', 'u,p,LOOK,5'],
    ['a time', 'u,p,VIEW,soon'],
    ['an item', 'u,,VIEW,5'],
  ])('names the line on which %s is wrong', async (_, line) => {
    const source = lineSourceOf(['userId,productId,type,occurredAt', line].join('\n'), 'wrong.csv');
    await expect(readEventsFile(source, new Map())).rejects.toMatchObject({
      code: 'EVALUATION_INVALID',
      message: expect.stringContaining('wrong.csv:2'),
    });
  });
});
