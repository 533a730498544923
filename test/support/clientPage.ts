import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  createProgram,
  flattenDiagnosticMessageText,
  getPreEmitDiagnostics,
  ModuleKind,
  ModuleResolutionKind,
  ScriptTarget,
} from 'typescript';
import { parse as parseYaml } from 'yaml';

const root = join(__dirname, '..', '..');

/** Returns the fenced blocks of a language on a page of docs/clients, in their order. */
export function pageBlocks(page: string, language: string): readonly string[] {
  const text = readFileSync(join(root, 'docs', 'clients', page), 'utf8');
  const blocks = Array.from(
    text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms')),
    ([, code]) => code,
  );
  if (blocks.length === 0) throw new Error(`Expected blocks of ${language} in ${page}; got none.`);
  return blocks;
}

interface CodegenPage {
  readonly generates: Readonly<
    Record<string, { readonly plugins: readonly string[]; readonly config: object }>
  >;
}

/**
 * Returns the `client.ts` that GraphQL Code Generator makes with the configuration and documents of codegen.md.
 *
 * @param more - options of the plugins that replace those of the page
 */
export function generatedClient(more: object = {}): string {
  const [yaml] = pageBlocks('codegen.md', 'yaml');
  const [{ plugins, config }] = Object.values((parseYaml(yaml) as CodegenPage).generates);
  const schema = readFileSync(join(root, 'schema.graphql'), 'utf8');
  const documents = pageBlocks('codegen.md', 'graphql').join('\n');
  return execFileSync(process.execPath, [join(__dirname, 'generateClient.mjs')], {
    input: JSON.stringify({ schema, documents, plugins, config: { ...config, ...more } }),
    encoding: 'utf8',
  });
}

/** What the tests read of the response to `Home` of codegen.md. */
export interface Home {
  readonly viewer: {
    readonly id: string;
    readonly recommendations: {
      readonly listId: string;
      readonly items: {
        readonly pageInfo: { readonly hasNextPage: boolean };
        readonly nodes: readonly { readonly rank: number; readonly product: { readonly title: string } }[];
      };
    } | null;
  };
}

/** What the tests read of the response to `Track` of codegen.md. */
export interface Tracked {
  readonly eventsTrack: {
    readonly accepted: number;
    readonly duplicates: number;
    readonly viewer: Home['viewer'];
  };
}

/** A front end made of the code of a page. */
export interface ClientFolder {
  /** Loads a file, as an import of it would. */
  load<Exports>(name: string): Exports;
  /** Messages of the TypeScript compiler about a file; empty when its types are right. */
  typeErrors(name: string): readonly string[];
  remove(): void;
}

/** Writes files to a temporary folder that has the packages of the checkout. */
export function createClientFolder(files: Readonly<Record<string, string>>): ClientFolder {
  const folder = mkdtempSync(join(tmpdir(), 'affinity-client-'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return {
    load: <Exports>(name: string) => require(join(folder, name)) as Exports,
    typeErrors(name) {
      const program = createProgram([join(folder, name)], {
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        target: ScriptTarget.ES2022,
        lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
        types: ['node'],
        module: ModuleKind.ESNext,
        moduleResolution: ModuleResolutionKind.Bundler,
      });
      return getPreEmitDiagnostics(program).map(({ messageText }) =>
        flattenDiagnosticMessageText(messageText, ' '),
      );
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
