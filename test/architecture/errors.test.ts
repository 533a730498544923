import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCatalogue } from '../../src/domain/errors';

const page = readFileSync(join(__dirname, '..', '..', 'docs', 'errors.md'), 'utf8');
/** Rows of the first table: the catalogue's. */
const rows = page
  .split('## Codes of the protocol')[0]
  .split('\n')
  .flatMap(line => {
    const match = /^\| `([A-Z_]+)` \| (\d+) \| (.*) \|$/.exec(line);
    return match === null ? [] : [{ code: match[1], status: Number(match[2]), meaning: match[3] }];
  });

describe('docs/errors.md', () => {
  it('lists every code of the catalogue with its status and meaning, in its order', () => {
    expect(rows).toEqual(
      Object.entries(errorCatalogue).map(([code, { status, meaning }]) => ({ code, status, meaning })),
    );
  });
});
