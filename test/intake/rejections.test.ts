import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeValue, rejectionCatalogue } from '../../src/intake/rejections';

describe('the rejection codes', () => {
  it('equal those of docs/import.md, with the same meanings', () => {
    const text = readFileSync(join(__dirname, '..', '..', 'docs', 'import.md'), 'utf8');
    const table = text.slice(text.indexOf('| code | meaning |'));
    const rows = [...table.matchAll(/^\| ([A-Z_]+)( \(skipped\))? \| (.*) \|$/gm)];
    const documented = rows.map(([, code, mark, meaning]) => [
      code,
      { kind: mark ? 'skipped' : 'rejected', meaning },
    ]);
    expect(Object.fromEntries(documented)).toEqual(rejectionCatalogue);
  });
});

describe('describeValue', () => {
  it.each([
    [undefined, 'nothing'],
    [null, 'null'],
    ['jane@example.org', 'text of 16 characters'],
    [-1.5, 'the number -1.5'],
    [false, 'the boolean false'],
    [[1, 2], 'a list of 2'],
    [{ a: 1 }, 'an object'],
    [new Date(0), 'the time 1970-01-01T00:00:00.000Z'],
  ])('returns the kind of %p, never a text', (value, description) => {
    expect(describeValue(value)).toBe(description);
  });
});
