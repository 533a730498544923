import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');

/** What a translation must repeat word for word: fenced blocks, and inline commands. */
function commandsAndQueries(markdown: string): readonly string[] {
  const blocks = Array.from(markdown.matchAll(/^```\w*\n(.*?)^```/gms), ([, code]) => code);
  const prose = markdown.replaceAll(/^```\w*\n.*?^```/gms, '');
  const inline = Array.from(prose.matchAll(/`((?:npx|npm|affinity|docker) [^`]+)`/g), ([, code]) => code);
  return [...blocks, ...new Set(inline)];
}

/** Headings by level, in order: a translation has the same sections. */
const levels = (markdown: string): readonly number[] =>
  Array.from(
    markdown.replaceAll(/^```\w*\n.*?^```/gms, '').matchAll(/^(#+) /gm),
    ([, marks]) => marks.length,
  );

const translated = ['.', 'docs'].flatMap(folder =>
  readdirSync(join(root, folder))
    .filter(name => name.endsWith('.zh-CN.md'))
    .map(name => join(folder, name)),
);
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Rows of the README's figures that the Chinese page leaves out with a note. */
const leavesOutFigures = (file: string): boolean => file === 'README.zh-CN.md';

describe.each(translated)('%s', file => {
  const original = file.replace('.zh-CN.md', '.md');

  it('translates a page that exists, and each links to the other', () => {
    expect(existsSync(join(root, original))).toBe(true);
    const name = (path: string): string => path.split('/').at(-1) ?? path;
    expect(read(original)).toContain(`](${name(file)})`);
    expect(read(file)).toContain(`](${name(original)})`);
  });

  it('has the same sections, commands and queries', () => {
    const [own, source] = [read(file), read(original)];
    expect(levels(own)).toEqual(levels(source));
    const known = commandsAndQueries(source);
    const repeated = commandsAndQueries(own);
    expect(repeated.filter(code => !known.includes(code))).toEqual([]);
    if (!leavesOutFigures(file)) expect(known.filter(code => !repeated.includes(code))).toEqual([]);
    else expect(known.filter(code => !repeated.includes(code) && !isMeasurement(code))).toEqual([]);
  });
});

/** A command that only the table of figures names. */
const isMeasurement = (code: string): boolean => /^(npm run bench|affinity (evaluate|import))/.test(code);

it('notices a command that only one language has', () => {
  const source = 'Run `npx affinity doctor`.\n\n```sh\nnpm start\n```\n';
  expect(commandsAndQueries(source)).toEqual(['npm start\n', 'npx affinity doctor']);
  expect(commandsAndQueries(source.replace('npm start', 'npm run start'))).not.toEqual(
    commandsAndQueries(source),
  );
});
