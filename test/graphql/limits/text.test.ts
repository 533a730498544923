import { limits } from '../../../src/graphql/limits/limits';
import { flawIn } from '../../../src/graphql/limits/text';

const reasonOf = (variables: unknown): string => flawIn(variables)?.message ?? 'accepted';

const nested = (depth: number): unknown => (depth === 0 ? 1 : { inner: nested(depth - 1) });

describe('flawIn', () => {
  it.each([[undefined], [null], [{}], [{ a: [1, 'b', null, { c: true }] }], [{ a: '😀' }], [[]]])(
    'accepts %j',
    variables => expect(reasonOf(variables)).toBe('accepted'),
  );

  it('accepts as many values as the limit, and no more', () => {
    // The variables and the list are values too.
    const list = Array(limits.variableValues - 2).fill(1);
    expect(reasonOf({ list })).toBe('accepted');
    expect(reasonOf({ list: [...list, 1] })).toMatch(/at most 50000 values/);
    const fields = Object.fromEntries(list.map((value, index) => [`f${index}`, value]));
    expect(reasonOf({ fields })).toBe('accepted');
    expect(reasonOf({ fields: { ...fields, more: 1 } })).toMatch(/at most 50000 values/);
  });

  it('stops at the first value beyond the limit', () => {
    let read = 0;
    const list = new Proxy(Array(500_000).fill(1), {
      get(target, key) {
        if (typeof key === 'string' && /^\d+$/.test(key)) read++;
        return Reflect.get(target, key);
      },
    });
    expect(reasonOf({ list })).toMatch(/Split the request/);
    expect(read).toBeLessThanOrEqual(limits.variableValues);
  });

  it('accepts nesting up to the limit, and no deeper', () => {
    expect(reasonOf(nested(limits.variablesDepth))).toBe('accepted');
    expect(reasonOf(nested(limits.variablesDepth + 1))).toMatch(/nested at most 16 deep/);
  });

  it.each([
    [{ a: 'x\0' }, /in the variables/],
    [{ a: [['\ud800']] }, /in the variables/],
    [{ a: { 'x\0': 1 } }, /in the names of the variables/],
    [{ '\udfff': [] }, /in the names of the variables/],
    [{ a: 2 ** 53 }, /at most 2\^53 - 1/],
    [{ a: [{ b: -1e300 }] }, /at most 2\^53 - 1/],
  ])('refuses %j', (variables, reason) => expect(reasonOf(variables)).toMatch(reason));

  it('does not follow a prototype', () => {
    const variables = Object.create({ inherited: '\0' }) as object;
    expect(reasonOf(variables)).toBe('accepted');
  });
});
