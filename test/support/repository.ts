import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import ts from 'typescript';

/** Root of the checkout. */
export const root = join(__dirname, '..', '..');

const skipped = /^(node_modules|dist|coverage|prof|\.git|\.affinity|\.cache)$/;

/** Paths of all files below a folder of the checkout, relative to the root and with slashes. */
export function filesIn(folder = ''): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter(({ name }) => !skipped.test(name))
    .flatMap(entry => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesIn(path) : [path.split(sep).join('/')];
    });
}

/** Reads a file of the checkout. */
export const readText = (path: string): string => readFileSync(join(root, path), 'utf8');

/** All comments of a TypeScript or JavaScript text, one after the other. */
export function commentsOf(path: string, text: string): string {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const comments = new Map<number, string>();
  const add = (ranges: readonly ts.CommentRange[] = []): void => {
    for (const { pos, end } of ranges) comments.set(pos, text.slice(pos, end));
  };
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node) || node.kind === ts.SyntaxKind.JsxText) return;
    const children = node.getChildren(tree);
    if (children.length === 0) {
      add(ts.getLeadingCommentRanges(text, node.pos));
      add(ts.getTrailingCommentRanges(text, node.end));
    }
    for (const child of children) visit(child);
  };
  visit(tree);
  return [...comments.values()].join('\n');
}
