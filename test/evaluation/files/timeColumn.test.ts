import { createTimeColumn, isTimeFormat } from '../../../src/evaluation/files/timeColumn';

const readAll = (texts: readonly string[], options: Partial<Parameters<typeof createTimeColumn>[0]> = {}) => {
  const read = createTimeColumn({ isOrderEnough: true, ...options });
  return texts.map((text, row) => read(text, `f:${row + 1}`));
};
const day = Date.UTC(2025, 2, 1);

describe('a column of times', () => {
  it.each<[string, readonly string[], readonly number[]]>([
    ['days', ['2025-03-01', '2025-03-02'], [day, day + 86_400_000]],
    ['times without a zone, as UTC', ['2025-03-01 00:00:01', '2025-03-01T00:00'], [day + 1000, day]],
    ['times with zones', ['2025-03-01T02:00:00+02:00', '2025-03-01T00:00:00Z'], [day, day]],
    ['seconds', ['1740787200', '1740787200.5'], [day, day + 500]],
    ['milliseconds', ['1740787200000'], [day]],
    ['numbers that give the order', ['3', '-1', '0'], [3, -1, 0]],
  ])('is read as %s', (_case, texts, times) => {
    expect(readAll(texts)).toEqual(times);
  });

  it.each([
    ['1.74079E+09', undefined],
    ['1.74079E+12', undefined],
    ['1,74E+09', 'unix-seconds'],
    ['1.74079E+12', 'unix-milliseconds'],
    ['1.74079E+09', 'order'],
    ['2E+09', undefined],
  ])('refuses a time that a spreadsheet shortened: %s as %s', (text, format) => {
    expect(() => readAll([text], { format })).toThrow(/^EVALUATION_INVALID|Expected a time/);
  });

  it('reads exponents that lose no digit', () => {
    expect(readAll(['1.740787200e9', '1.740787200000000000e+09'])).toEqual([day, day]);
  });

  it('has the same times in every zone', () => {
    const zone = process.env['TZ'];
    try {
      for (const name of ['UTC', 'America/New_York', 'Pacific/Apia']) {
        process.env['TZ'] = name;
        expect(readAll(['2025-03-01 00:00:00'])).toEqual([day]);
        expect(readAll(['2025-03-01'])).toEqual([day]);
      }
    } finally {
      process.env['TZ'] = zone;
    }
  });

  it.each<[string, readonly string[], RegExp]>([
    [
      'days among times',
      ['2025-03-01 10:00:00', '2025-03-01'],
      /^f:2: Expected times without a zone, as in f:1; got days\./,
    ],
    [
      'times without a zone among others',
      ['2025-03-01T10:00:00Z', '2025-03-01T10:00:00'],
      /got times without a zone/,
    ],
    ['milliseconds among seconds', ['1740787200', '1740787200000'], /got milliseconds since 1970/],
    ['order among seconds', ['1740787200', '0'], /got numbers that only give the order/],
    ['numbers among days', ['2025-03-01', '1740787200'], /got seconds since 1970/],
    ['day and month in an unknown order', ['03/04/2025'], /--time-format dd\/MM\/yyyy, or MM\/dd\/yyyy/],
    ['a day that does not exist', ['2025-02-31'], /got 2025-02-31/],
    ['an hour that does not exist', ['2025-02-28T24:00:00Z'], /got 2025-02-28T24/],
    ['microseconds', ['1740787200000000'], /got 1740787200000000/],
    ['a number in hexadecimal', ['0x10'], /got 0x10/],
    ['a decimal comma', ['1740787200,5'], /got 1740787200,5/],
    ['words', ['Mar 1, 2025'], /got Mar 1, 2025/],
    ['a date before 1990', ['1970-01-01'], /from 1990-01-01 on/],
  ])('with %s is refused', (_case, texts, message) => {
    expect(() => readAll(texts)).toThrow(
      expect.objectContaining({ code: 'EVALUATION_INVALID', message: expect.stringMatching(message) }),
    );
  });

  it('is read as its format says', () => {
    expect(readAll(['01/03/2025', '02/03/2025'], { format: 'dd/MM/yyyy' })).toEqual([day, day + 86_400_000]);
    expect(readAll(['03/01/2025'], { format: 'MM/dd/yyyy' })).toEqual([day]);
    expect(readAll(['1740787200000', '5'], { format: 'order' })).toEqual([1_740_787_200_000, 5]);
    expect(() => readAll(['31/12/2025'], { format: 'MM/dd/yyyy' })).toThrow('as --time-format says');
    expect(() => readAll(['1740787200000'], { format: 'iso' })).toThrow('as --time-format says');
  });

  it('of events holds times, as the time between events is read', () => {
    const times = { isOrderEnough: false };
    expect(readAll(['1740787200', '631152000'], times)).toEqual([day, Date.UTC(1990, 0, 1)]);
    for (const text of ['0', '60', '-5', '631151999', '1970-01-01', '1989-12-31T23:59:59Z'])
      expect(() => readAll([text], times)).toThrow('from 1990-01-01 on');
    expect(() => readAll(['1740787200', '1740787200000'], times)).toThrow('got milliseconds');
    expect(() => readAll(['1740787200'], { ...times, format: 'order' })).toThrow('--time-format order');
    expect(() => readAll(['01/01/1970'], { ...times, format: 'dd/MM/yyyy' })).toThrow('from 1990-01-01 on');
  });

  it.each([
    ['iso', true],
    ['order', true],
    ['d.M.yyyy', true],
    ['dd/MM', false],
    ['', false],
  ])('may have the format %j: %j', (format, isRight) => {
    expect(isTimeFormat(format)).toBe(isRight);
  });
});
