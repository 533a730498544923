import { admin, everyone } from '../../../src/graphql/access/access';
import { parseGlobalId, toGlobalId } from '../../../src/graphql/node/globalId';
import { createNodeReader, type NodeSource } from '../../../src/graphql/node/nodeSource';
import type { GraphqlContext } from '../../../src/graphql/request/context';

const source = (kind: string, roles = everyone): NodeSource => ({
  kind,
  roles,
  read: async id => ({ id: `${kind} ${id}`, __typename: kind }),
});

const as = (role: string) => ({ principal: { role } }) as unknown as GraphqlContext;

describe('the node reader', () => {
  const read = createNodeReader([source('Order'), source('Invoice', admin)]);

  it('asks the source of the kind', async () => {
    expect(await read(toGlobalId('Order', '7'), as('SHOPPER'))).toMatchObject({ id: 'Order 7' });
    expect(await read(toGlobalId('Invoice', '7'), as('ADMIN'))).toMatchObject({ id: 'Invoice 7' });
  });

  it.each([
    ['a kind without a source', toGlobalId('Secret', '7')],
    ['a kind of other roles', toGlobalId('Invoice', '7')],
    ['an id that was not made here', 'x'],
    ['an empty id', ''],
  ])('returns null for %s', async (_what, id) => {
    expect(await read(id, as('SHOPPER'))).toBeNull();
  });

  it('refuses two sources of one kind', () => {
    expect(() => createNodeReader([source('Order'), source('Order')])).toThrow(
      'Expected one node source per kind; got two for Order.',
    );
  });
});

describe('a global id', () => {
  it.each(['7', 'a:b', '商品', ' '])('round trips %j', id => {
    expect(parseGlobalId(toGlobalId('Order', id))).toEqual({ kind: 'Order', id });
  });

  it.each([
    ['text', 'hello world'],
    ['no colon', Buffer.from('Order').toString('base64url')],
    ['no kind', Buffer.from(':7').toString('base64url')],
    ['no id', Buffer.from('Order:').toString('base64url')],
    ['other base64', `${toGlobalId('Order', '7')}=`],
    ['excessive length', toGlobalId('Order', 'x'.repeat(2000))],
  ])('of %s is null', (_what, id) => {
    expect(parseGlobalId(id)).toBeNull();
  });
});
