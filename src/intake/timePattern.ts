import { utcInstant } from './time';

/** Parts of a pattern, with the digits that each takes. `M`, `d` and `H` take one digit or two. */
const digits = {
  yyyy: '\\d{4}',
  MM: '\\d{2}',
  M: '\\d{1,2}',
  dd: '\\d{2}',
  d: '\\d{1,2}',
  HH: '\\d{2}',
  H: '\\d{1,2}',
  mm: '\\d{2}',
  ss: '\\d{2}',
  SSS: '\\d{3}',
} as const;
const parts = new RegExp(Object.keys(digits).join('|'), 'g');
/** What may stand between the parts. */
const separators = /^[-/.: T,年月日]*$/;

/** For messages and docs. */
export const patternHelp = 'a pattern of yyyy, MM, dd, HH, mm, ss and SSS, such as dd/MM/yyyy HH:mm';

/**
 * Returns a function that reads times of one pattern (`dd/MM/yyyy HH:mm`, `M/d/yyyy`, `yyyyMMdd`), as UTC, in milliseconds
 * since the epoch; NaN for other text and for days and hours that do not exist. Absent hours, minutes and seconds are 0.
 * Returns null when the pattern is none: it needs a year, a month and a day, and each part once.
 */
export function timePattern(pattern: string): ((text: string) => number) | null {
  const names = pattern.match(parts) ?? [];
  const letters = names.map(name => name[0]);
  const isComplete = ['y', 'M', 'd'].every(letter => letters.includes(letter));
  const isKnown = separators.test(pattern.replace(parts, ''));
  if (!isComplete || !isKnown || new Set(letters).size < letters.length) return null;
  const source = pattern
    .replace(/[.]/g, '\\.')
    .replace(parts, name => `(${digits[name as keyof typeof digits]})`);
  const expression = new RegExp(`^${source}$`);
  return text => {
    const values = expression.exec(text);
    if (values === null) return Number.NaN;
    const partOf = (letter: string): number => {
      const at = letters.indexOf(letter);
      return at < 0 ? 0 : Number(values[at + 1]);
    };
    const [year, month, day] = [partOf('y'), partOf('M'), partOf('d')];
    return utcInstant([year, month, day, partOf('H'), partOf('m'), partOf('s'), partOf('S')]);
  };
}
