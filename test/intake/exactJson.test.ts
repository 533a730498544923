import fc from 'fast-check';
import { parseExactJson, quoteLongIntegers, repeatedName } from '../../src/intake/exactJson';

describe('parseExactJson', () => {
  it.each<[string, unknown]>([
    ['9007199254740991', 9_007_199_254_740_991],
    ['9007199254740992', 9_007_199_254_740_992n],
    ['-9007199254740993', -9_007_199_254_740_993n],
    ['[1610521604143693812,2]', [1_610_521_604_143_693_812n, 2]],
    ['{"1234567890123456789":"1234567890123456789"}', { '1234567890123456789': '1234567890123456789' }],
    [
      '{"a":"n1234567890123456789","b" : "\\"1234567890123456789"}',
      { a: 'n1234567890123456789', b: '"1234567890123456789' },
    ],
    ['0.12345678901234567', Number('0.12345678901234567')],
    ['1.2345678901234567e20', Number('1.2345678901234567e20')],
    [
      '{"a":12345678901234567890123,"b":null,"c":[true,"\\u00e9"]}',
      { a: 12_345_678_901_234_567_890_123n, b: null, c: [true, 'é'] },
    ],
  ])('reads %s without rounding', (text, value) => {
    expect(parseExactJson(text)).toEqual(value);
  });

  it('equals JSON.parse for every value once its exact numbers are rounded', () => {
    fc.assert(
      fc.property(fc.json(), text => {
        const withLongText = `{"long":"1234567890123456","value":${text}}`;
        const rounded = JSON.stringify(parseExactJson(withLongText), (_name, part) =>
          typeof part === 'bigint' ? Number(part) : part,
        );
        expect(JSON.parse(rounded)).toEqual(JSON.parse(withLongText));
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  it('keeps a member whose name is that of the prototype', () => {
    const value = parseExactJson('{"__proto__":1234567890123456789}');
    expect(Object.entries(Object(value))).toEqual([['__proto__', 1_234_567_890_123_456_789n]]);
  });

  it.each(['', '{', '1234567890123456789,', '01234567890123456789'])('refuses %j', text => {
    expect(() => parseExactJson(text)).toThrow(SyntaxError);
  });

  it('refuses an exact number that is nested too deeply, and does not overflow the stack', () => {
    const deep = 300_000;
    expect(() => parseExactJson(`${'['.repeat(deep)}1234567890123456789${']'.repeat(deep)}`)).toThrow(
      SyntaxError,
    );
  });
});

describe('repeatedName', () => {
  it.each([
    ['{"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]}', null],
    ['{"a":1,"a":1}', 'a'],
    ['{"a":1,"\\u0061":2}', 'a'],
    ['[{"x":{"b":1,"c":"}","b" :2}}]', 'b'],
    ['{"a":"a","b":"\\"a\\":"}', null],
    ['{"__proto__":1,"constructor":2}', null],
    ['"a"', null],
  ])('of %s is %j', (text, name) => {
    expect(repeatedName(text)).toBe(name);
  });
});

describe('quoteLongIntegers', () => {
  it.each([
    ['{"id":1610521604143693812}', '{"id":"1610521604143693812"}'],
    ['[-9007199254740993,9007199254740991]', '["-9007199254740993",9007199254740991]'],
    ['{"9007199254740993":"9007199254740993"}', '{"9007199254740993":"9007199254740993"}'],
    ['["\\"9007199254740993"]', '["\\"9007199254740993"]'],
    ['[9007199254740993.0, 0.12345678901234567, 1e300]', '[9007199254740993.0, 0.12345678901234567, 1e300]'],
    ['[1, 2]', '[1, 2]'],
  ])('%s becomes %s', (text, quoted) => {
    expect(quoteLongIntegers(text)).toBe(quoted);
  });

  it('leaves text that is not JSON invalid', () => {
    for (const text of ['{9007199254740993', '[9007199254740993 9007199254740993]', '"9007199254740993'])
      expect(() => JSON.parse(quoteLongIntegers(text))).toThrow(SyntaxError);
  });
});
