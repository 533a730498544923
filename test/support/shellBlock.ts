import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Returns the lines of the first `sh` block under a heading of a page, comments and empty lines left out. */
export function shellBlock(root: string, page: string, heading: string): readonly string[] {
  const text = readFileSync(join(root, page), 'utf8');
  const under = text.slice(text.indexOf(`\n${heading}\n`));
  const block = /^```sh\n(.*?)^```/ms.exec(under)?.[1];
  if (!under.startsWith(`\n${heading}`) || block === undefined)
    throw new Error(`Expected a block of commands under "${heading}" in ${page}; got none.`);
  return block.split('\n').filter(line => line.trim() !== '' && !line.startsWith('#'));
}
