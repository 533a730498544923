// Every folder directly under src/ has a README of at most 12 lines.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readText, root } from '../support/repository';

const maxLines = 12;

const folders = readdirSync(join(root, 'src'), { withFileTypes: true })
  .filter(entry => entry.isDirectory())
  .map(({ name }) => `src/${name}`);

/** Returns what is wrong with the README of a folder, or null. */
function problemOf(text: string | null): string | null {
  if (text === null) return 'has no README.md';
  const lines = text.trimEnd().split('\n').length;
  return lines > maxLines ? `has a README.md of ${lines} lines` : null;
}

describe('READMEs', () => {
  it(`of the folders of src/ exist and have at most ${maxLines} lines`, () => {
    const found = folders.flatMap(folder => {
      const path = `${folder}/README.md`;
      const problem = problemOf(existsSync(join(root, path)) ? readText(path) : null);
      return problem === null ? [] : [`${folder} ${problem}`];
    });
    expect(folders.length).toBeGreaterThan(10);
    expect(found).toEqual([]);
  });

  it('that are missing or too long are found', () => {
    expect(problemOf(null)).toBe('has no README.md');
    expect(problemOf('line\n'.repeat(13))).toBe('has a README.md of 13 lines');
    expect(problemOf('line\n'.repeat(12))).toBeNull();
  });
});
