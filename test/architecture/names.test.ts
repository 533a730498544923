import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { insights } from '../../src/insights/registry';
import { modelFactories } from '../../src/models/registry';

const sources = join(__dirname, '..', '..', 'src');

/** A line of shared code that knows one insight. */
interface Mention {
  readonly file: string;
  readonly text: string;
}

/** Where one insight may be named, by its folder under src/insights/: its own code in each layer, and nothing else. */
const ownCode: Readonly<Record<string, readonly RegExp[]>> = {
  interestTags: [
    /^serving\/interestTags\//,
    /^graphql\/(interestTag|userInterest)\//,
    /^main\/commands\/evaluate\/tags\.ts$/,
    /^evaluation\/(plainClusters|report\/tagsReport)\.ts$/,
  ],
  nextAction: [
    /^serving\/nextAction\//,
    /^graphql\/(nextAction|modelQuality)\//,
    /^main\/commands\/evaluate\/nextAction\.ts$/,
    /^evaluation\/report\/nextActionReport\.ts$/,
  ],
};
/** Files that list every insight or every task of `affinity evaluate`. */
const lists = [/^insights\/registry\.ts$/, /^main\/commands\/evaluate(\/options)?\.ts$/];

const folderOf = (name: string): string => name.replace(/-./g, dash => dash[1].toUpperCase());

/** Returns the mentions of an insight in files that are not its own. */
function mentionsIn(name: string, files: ReadonlyMap<string, string>): readonly Mention[] {
  const folder = folderOf(name);
  const isOwn = (file: string): boolean =>
    file.startsWith(`insights/${folder}/`) ||
    [...lists, ...(ownCode[folder] ?? [])].some(own => own.test(file));
  const quoted = ["'", '"', '`'].map(quote => `${quote}${name}${quote}`);
  const needles = [...quoted, `insights/${folder}/`];
  return [...files]
    .filter(([file]) => !isOwn(file))
    .flatMap(([file, content]) =>
      content
        .split('\n')
        .filter(line => needles.some(needle => line.includes(needle)))
        .map(text => ({ file, text })),
    );
}

const files = new Map(
  readdirSync(sources, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.ts') && !file.includes('generated'))
    .map(file => [file, readFileSync(join(sources, file), 'utf8')] as const),
);
const names = insights.map(({ card }) => card.name);

describe('shared code', () => {
  it.each(names)('does not know the insight %s', name => {
    expect(mentionsIn(name, files)).toEqual([]);
  });

  it('is caught when it does', () => {
    const planted = new Map([
      ['serving/live/shelf.ts', "if (name === 'next-action') skip();"],
      ['main/compose.ts', "import { nextAction } from '../insights/nextAction/insight';"],
      ['serving/nextAction/states.ts', "import type { Reading } from '../../insights/nextAction/reading';"],
    ]);
    expect(mentionsIn('next-action', planted).map(({ file }) => file)).toEqual([
      'serving/live/shelf.ts',
      'main/compose.ts',
    ]);
  });

  it('finds each insight in the folder of its name', () => {
    const folders = new Set([...files.keys()].map(file => dirname(file)));
    for (const name of names) expect(folders).toContain(`insights/${folderOf(name)}`);
  });

  it('gives no insight the name of a model', () => {
    expect(modelFactories.map(({ name }) => name).filter(name => names.includes(name))).toEqual([]);
  });
});
