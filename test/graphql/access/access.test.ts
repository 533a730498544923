import { roles } from '../../../src/domain/role';
import { admin, everyone, mergeAccess, readers, ruleOf, staff } from '../../../src/graphql/access/access';

describe('merged access tables', () => {
  it('hold the fields that several modules add to one type', () => {
    const table = mergeAccess([
      { User: { id: readers }, Product: readers },
      { User: { orders: staff }, Order: { total: admin } },
    ]);
    expect(table).toEqual({
      User: { id: readers, orders: staff },
      Product: readers,
      Order: { total: admin },
    });
  });

  it('are refused when two have a rule for the same field', () => {
    expect(() => mergeAccess([{ User: { id: staff } }, { User: { name: staff, id: readers } }])).toThrow(
      'Expected one access rule for User.id; got two.',
    );
  });

  it.each([
    ['then a field', [{ User: readers }, { User: { id: staff } }]],
    ['after a field', [{ User: { id: staff } }, { User: readers }]],
    ['twice', [{ User: readers }, { User: readers }]],
  ])('are refused when one has a rule for a whole type, %s', (_order, tables) => {
    expect(() => mergeAccess(tables)).toThrow('all of User');
  });
});

describe('a field without a rule', () => {
  const table = mergeAccess([{ User: { id: readers }, Product: readers }]);

  it.each([
    ['User', 'secret'],
    ['User', 'constructor'],
    ['Nothing', 'id'],
    ['constructor', 'name'],
    ['toString', 'length'],
  ])('%s.%s is refused to every role', (type, field) => {
    expect(roles.filter(role => ruleOf(table, type, field).includes(role))).toEqual([]);
  });

  it('is allowed where the rule covers its whole type', () => {
    expect(ruleOf(table, 'Product', 'anything')).toBe(readers);
  });

  it('is allowed to everyone when it is __typename', () => {
    expect(ruleOf(table, 'User', '__typename')).toBe(everyone);
  });
});
