import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Returns the lines of every `sh` block under a heading of a page, comments and empty lines left out. */
export function shellBlocks(root: string, page: string, heading: string): readonly (readonly string[])[] {
  const text = readFileSync(join(root, page), 'utf8');
  const level = /^#+ /.exec(heading)?.[0] ?? '# ';
  const [, after] = text.split(`\n${heading}\n`);
  const section = (after ?? '').split(new RegExp(`^#{1,${level.length - 1}} `, 'm'))[0];
  const blocks = Array.from(section.matchAll(/^```sh\n(.*?)^```/gms), ([, block]) => block);
  if (blocks.length === 0) throw new Error(`Expected commands under "${heading}" in ${page}; got none.`);
  return blocks.map(block => block.split('\n').filter(line => line.trim() !== '' && !line.startsWith('#')));
}
