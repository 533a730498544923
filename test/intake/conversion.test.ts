import { convert } from '../../src/intake/conversion';

describe('a time in seconds or milliseconds', () => {
  it.each([
    ['unix-seconds', '1.73569E+09'],
    ['unix-seconds', '1,7357E+09'],
    ['unix-milliseconds', '1.73569E+12'],
    ['unix-milliseconds', '2E+12'],
  ])('is refused where a spreadsheet shortened it: %s %s', (time, text) => {
    expect(convert('occurredAt', { time }, text)).toMatchObject({ code: 'TIME_INVALID' });
  });

  it.each([
    ['unix-seconds', '1735689600'],
    ['unix-seconds', 1_735_689_600],
    ['unix-seconds', '1.7356896e9'],
    ['unix-milliseconds', '1735689600000'],
  ])('is read where it has its digits: %s %s', (time, value) => {
    expect(convert('occurredAt', { time }, value)).toEqual({ value: new Date('2025-01-01T00:00:00Z') });
  });
});
