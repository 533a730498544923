import { join } from 'node:path';
import { readText, root } from '../support/repository';

interface Rule {
  readonly name: string;
  readonly to: { readonly pathNot?: string };
}

const { forbidden } = require(join(root, '.dependency-cruiser.cjs')) as {
  readonly forbidden: readonly Rule[];
};

/** What each layer may import according to the rules, without itself. */
const ruled = new Map(
  forbidden.flatMap(({ name, to }) => {
    const layer = /^(\w+)-imports$/.exec(name)?.[1];
    const allowed = /\^src\/\(([^)]*)\)\//.exec(to.pathNot ?? '')?.[1].split('|') ?? [];
    return layer === undefined ? [] : [[layer, allowed.filter(other => other !== layer)] as const];
  }),
);

const rows = readText('docs/architecture.md')
  .split('\n')
  .flatMap(line => {
    const match = /^\| `(\w+)` \| .* \| ([\w –]+) \| (?:no|via ports|request only|\*\*yes\*\*) \|$/.exec(
      line,
    );
    return match === null ? [] : [[match[1], match[2].split(/[ –]+/).filter(name => name !== '')] as const];
  });

describe('docs/architecture.md', () => {
  it('lists every layer with the imports that dependency-cruiser allows, in its order', () => {
    const written = rows.filter(([layer]) => layer !== 'main');
    expect(ruled.size).toBeGreaterThan(15);
    expect(written).toEqual([...ruled]);
    expect(rows.at(-1)).toEqual(['main', ['everything']]);
  });
});
