// Every file that a comment or a page names must exist, and every relative link of a page must lead somewhere.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { commentsOf, filesIn, readText, root } from '../support/repository';

const paths = filesIn();
const isCode = /^(src|test|bench|web|scripts|bin)\/.*\.(ts|tsx|mjs)$|^[^/]+\.(mjs|cjs)$/;
const isMade = /(^|\/)generated\/|\.generated\.ts$|^test\/architecture\/violations\//;
const codeFiles = paths.filter(path => isCode.test(path) && !isMade.test(path));
const pages = paths.filter(path => path.endsWith('.md'));

/** Names of files that users or examples make: they are in no checkout. */
const madeElsewhere = new Set([
  // docs/clients/codegen.md: the queries of a client, and the types that a generator makes of them.
  'client.ts',
  'queries.graphql',
  // The name under which the package exports schema.graphql.
  'affinity-gateway/schema.graphql',
  'node_modules/affinity-gateway/schema.graphql',
  // docs/clients/relay.md: what the compiler of Relay makes of the documents.
  '__generated__/affinityHomeQuery.graphql',
  '__generated__/affinityTrackMutation.graphql',
]);

const mention =
  /(?<![\w>}*…./@-])(?:\.{1,2}\/)*([\w][\w./-]*\.(?:tsx?|mjs|cjs|md|prisma|graphql|yaml|sql|png))(?![\w-]|\.\w)/g;
const folderMention =
  /(?<![\w>}*…./@-])((?:src|test|bench|web|scripts|docs|prisma)\/[\w./-]*\w)(?![\w<*{…-]|\.\w)/g;

/** Names of files in a text, as they are written there. */
function mentionsIn(text: string): readonly string[] {
  const withoutAddresses = text.replace(/https?:\/\/\S+/g, '');
  const found = [mention, folderMention].flatMap(pattern =>
    [...withoutAddresses.matchAll(pattern)].map(match => match[1]),
  );
  return [...new Set(found)];
}

/** Returns whether a mention is the path of a file or folder, the end of one, or the beginning of a file's name. */
const isThere = (name: string): boolean =>
  madeElsewhere.has(name) ||
  existsSync(join(root, name)) ||
  paths.some(path => path.endsWith(`/${name}`) || path.startsWith(`${name}.`) || path.startsWith(`${name}-`));

const missing = (text: string): readonly string[] => mentionsIn(text).filter(name => !isThere(name));

/** Copies of the schema, one next to each migration. */
const isCopy = /^prisma\/migrations\//;

/**
 * Returns whether a mention is the end of several paths, so that a reader cannot find the file. A path from the root, or
 * from the folder of the mention, is never ambiguous.
 */
function isAmbiguous(from: string, name: string): boolean {
  if (madeElsewhere.has(name) || existsSync(join(root, name)) || existsSync(join(root, dirname(from), name)))
    return false;
  return (
    paths.filter(path => path.endsWith(`/${name}`) && !isMade.test(path) && !isCopy.test(path)).length > 1
  );
}

const ambiguous = (from: string, text: string): readonly string[] =>
  mentionsIn(text).filter(name => isAmbiguous(from, name));

describe('names of files', () => {
  it('in comments lead to files of the repository', () => {
    const found = codeFiles.flatMap(path =>
      missing(commentsOf(path, readText(path))).map(name => `${path} names ${name}`),
    );
    expect(found).toEqual([]);
  });

  it('in pages lead to files of the repository', () => {
    const found = pages.flatMap(path => missing(readText(path)).map(name => `${path} names ${name}`));
    expect(found).toEqual([]);
  });

  it('are not the names of several files', () => {
    const found = [
      ...codeFiles.map(path => [path, commentsOf(path, readText(path))]),
      ...pages.map(path => [path, readText(path)]),
    ].flatMap(([path, text]) => ambiguous(path, text).map(name => `${path} names ${name}`));
    expect(found).toEqual([]);
  });

  it('that several files have are found', () => {
    const text = 'train.ts, ease/train.ts, src/models/gru/train.ts, ./model.ts, none.ts, topK.ts';
    expect(ambiguous('src/models/gru/card.ts', text)).toEqual(['topK.ts']);
    expect(ambiguous('src/models/card.ts', text)).toEqual(['train.ts', 'topK.ts']);
  });

  it('are found at every position in a comment, and only there', () => {
    const text = `
      // See specificity.ts, docs/performance.md and src/nowhere/at.
      const name = 'inAString.ts'; /* (HOUSE.md) */ // jest.config.cjs, src/serving/, docs/decisions/0006
      /** As \`<noun>.resolver.ts\`, \`numeric/*.generated.ts\` and ./topK.ts have it; https://example.org/page.md. */
      export const page = 1;
    `;
    expect(missing(commentsOf('example.ts', text))).toEqual([
      'specificity.ts',
      'docs/performance.md',
      'HOUSE.md',
      'src/nowhere/at',
    ]);
  });
});

const withoutCode = (text: string): string =>
  text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '`code`');

/** The anchors that GitHub gives the headings of a page. */
function anchorsOf(text: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const anchors = [...text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/^#{1,6} +(.+)$/gm)].map(
    ([, heading]) => {
      const slug = heading
        .trim()
        .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
        .replaceAll(' ', '-');
      const count = seen.get(slug) ?? 0;
      seen.set(slug, count + 1);
      return count === 0 ? slug : `${slug}-${count}`;
    },
  );
  return new Set(anchors);
}

/** Relative links of a page that lead nowhere. */
function brokenLinks(path: string, text: string): readonly string[] {
  const targets = [...withoutCode(text).matchAll(/\]\(([^()\s]+)\)/g)].map(match => match[1]);
  return targets.filter(target => {
    if (/^[a-z]+:/.test(target)) return false;
    const [file, anchor] = target.split('#', 2);
    const to = join(dirname(path), file);
    if (file !== '' && !existsSync(join(root, to))) return true;
    if (anchor === undefined) return false;
    return !anchorsOf(file === '' ? text : readText(to)).has(decodeURIComponent(anchor));
  });
}

describe('links', () => {
  it('between pages lead to files and headings', () => {
    const found = pages.flatMap(path =>
      brokenLinks(path, readText(path)).map(target => `${path} links to ${target}`),
    );
    expect(found).toEqual([]);
  });

  it('that lead nowhere are found', () => {
    const text = `# One, two & \`three\`\n## One\n## One\n
      [a](../README.md) [b](#one-two--three) [c](#one-1) [d](errors.md) [e](https://example.org/none.md)
      [f](none.md) [g](#none) [h](errors.md#none) \`[i](none.md)\``;
    expect(brokenLinks('docs/example.md', text)).toEqual(['none.md', '#none', 'errors.md#none']);
  });
});
