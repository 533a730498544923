import { timePattern } from '../../src/intake/timePattern';

const read = (pattern: string, text: string): string | null => {
  const time = timePattern(pattern)?.(text) ?? Number.NaN;
  return Number.isNaN(time) ? null : new Date(time).toISOString();
};

describe('timePattern', () => {
  it.each([
    ['dd/MM/yyyy', '03/04/2025', '2025-04-03T00:00:00.000Z'],
    ['MM/dd/yyyy', '03/04/2025', '2025-03-04T00:00:00.000Z'],
    ['d/M/yyyy H:mm', '3/4/2025 9:05', '2025-04-03T09:05:00.000Z'],
    ['d.M.yyyy', '3.12.2025', '2025-12-03T00:00:00.000Z'],
    ['yyyyMMdd', '20250403', '2025-04-03T00:00:00.000Z'],
    ['yyyy-MM-ddTHH:mm:ss.SSS', '2025-04-03T23:59:58.007', '2025-04-03T23:59:58.007Z'],
    ['yyyy年M月d日', '2025年4月3日', '2025-04-03T00:00:00.000Z'],
    ['dd/MM/yyyy', '29/02/2024', '2024-02-29T00:00:00.000Z'],
  ])('%s reads %s', (pattern, text, time) => {
    expect(read(pattern, text)).toBe(time);
  });

  it.each([
    ['dd/MM/yyyy', '31/02/2025'],
    ['dd/MM/yyyy', '04/13/2025'],
    ['dd/MM/yyyy', '3/4/2025'],
    ['dd/MM/yyyy', '03/04/25'],
    ['dd/MM/yyyy', '03/04/2025 10:00'],
    ['dd/MM/yyyy HH:mm', '03/04/2025 24:00'],
    ['dd.MM.yyyy', '03/04/2025'],
  ])('%s refuses %s', (pattern, text) => {
    expect(timePattern(pattern)).not.toBeNull();
    expect(read(pattern, text)).toBeNull();
  });

  it.each([
    '',
    'dd/MM',
    'yyyy',
    'dd/MM/yyyy MM',
    'yy-MM-dd',
    'dd/MM/yyyy hh:mm',
    'yyyy-MM-dd (Z)',
    'd/dd/MM/yyyy',
    '[yyyy]MMdd',
  ])('%j is no pattern', pattern => {
    expect(timePattern(pattern)).toBeNull();
  });

  it('does not depend on the zone of the machine', () => {
    const zone = process.env['TZ'];
    try {
      for (const name of ['UTC', 'America/New_York', 'Asia/Kathmandu']) {
        process.env['TZ'] = name;
        expect(read('dd/MM/yyyy HH:mm', '03/04/2025 10:00')).toBe('2025-04-03T10:00:00.000Z');
      }
    } finally {
      process.env['TZ'] = zone;
    }
  });
});
