// node scripts/measureCode.mjs [folder] prints the sizes, comments and imports of the TypeScript under folder/src.
// Generated files are left out. Without a folder it measures this checkout.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import ts from 'typescript';
import { root } from './inputs.mjs';

const folder = resolve(process.argv[2] ?? root);
const source = join(folder, 'src');
const isMeasured = path =>
  /\.tsx?$/.test(path) && !/(^|\/)(generated|assembly)\/|\.generated\.ts$/.test(path.split(sep).join('/'));

/** @returns every file under src as { path (relative to src), text, tree } */
function readFiles() {
  if (!existsSync(source))
    throw new Error(`Expected a folder with src/; got ${folder}. Name another folder.`);
  return readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter(isMeasured)
    .sort()
    .map(path => {
      const text = readFileSync(join(source, path), 'utf8');
      const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
      return { path: path.split(sep).join('/'), text, tree };
    });
}

const lineOf = (tree, position) => tree.getLineAndCharacterOfPosition(position).line;

/** Lines of every function with a block as its body; a nested function also counts in the one around it. */
function functionLengths({ tree }) {
  const lengths = [];
  const visit = node => {
    if (ts.isFunctionLike(node) && node.body && ts.isBlock(node.body))
      lengths.push({
        lines: lineOf(tree, node.end) - lineOf(tree, node.getStart(tree)) + 1,
        line: lineOf(tree, node.getStart(tree)) + 1,
      });
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return lengths;
}

/** Counts the lines that hold a comment or a part of one. */
function commentLines({ text, tree }) {
  const lines = new Set();
  const add = ranges => {
    for (const { pos, end } of ranges ?? [])
      for (let line = lineOf(tree, pos); line <= lineOf(tree, end); line++) lines.add(line);
  };
  const visit = node => {
    if (ts.isJSDoc(node) || node.kind === ts.SyntaxKind.JsxText) return;
    const children = node.getChildren(tree);
    if (children.length === 0) {
      add(ts.getLeadingCommentRanges(text, node.pos));
      add(ts.getTrailingCommentRanges(text, node.end));
    }
    for (const child of children) visit(child);
  };
  visit(tree);
  return lines.size;
}

const isTypeOnly = statement => {
  if (ts.isExportDeclaration(statement)) return statement.isTypeOnly;
  const clause = statement.importClause;
  if (!clause) return false;
  if (clause.isTypeOnly) return true;
  const { namedBindings } = clause;
  return (
    !clause.name &&
    namedBindings !== undefined &&
    ts.isNamedImports(namedBindings) &&
    namedBindings.elements.every(element => element.isTypeOnly)
  );
};

/** @returns static imports of files under src, as { from, to, isType } */
function importsOf({ path, tree }, known) {
  return tree.statements.flatMap(statement => {
    const isLink = ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement);
    const name = isLink ? statement.moduleSpecifier?.text : undefined;
    if (!name?.startsWith('.')) return [];
    const target = relative('/', resolve('/', dirname(path), name))
      .split(sep)
      .join('/');
    const to = [target, `${target}.ts`, `${target}.tsx`, `${target}/index.ts`].find(file => known.has(file));
    return to === undefined ? [] : [{ from: path, to, isType: isTypeOnly(statement) }];
  });
}

/** The largest set of files of which each reaches each other (Tarjan 1972). */
function largestCycle(files, imports) {
  const next = new Map(files.map(({ path }) => [path, []]));
  for (const { from, to } of imports) next.get(from).push(to);
  const [order, low, stack, isOn] = [new Map(), new Map(), [], new Set()];
  let largest = [];
  const visit = path => {
    order.set(path, order.size);
    low.set(path, order.get(path));
    stack.push(path);
    isOn.add(path);
    for (const to of next.get(path)) {
      if (!order.has(to)) visit(to);
      if (isOn.has(to)) low.set(path, Math.min(low.get(path), low.get(to)));
    }
    if (low.get(path) !== order.get(path)) return;
    const component = stack.splice(stack.indexOf(path));
    for (const member of component) isOn.delete(member);
    if (component.length > largest.length) largest = component;
  };
  for (const { path } of files) if (!order.has(path)) visit(path);
  return largest.length > 1 ? largest : [];
}

/** Pairs of folders that import each other; `folderOf` may return undefined for files that do not count. */
function twoWayPairs(imports, folderOf) {
  const links = new Set();
  for (const { from, to } of imports) {
    const [a, b] = [folderOf(from), folderOf(to)];
    if (a !== undefined && b !== undefined && a !== b) links.add(`${a} ${b}`);
  }
  return [...links].map(link => link.split(' ')).filter(([a, b]) => a < b && links.has(`${b} ${a}`));
}

const isInside = ([a, b]) => b.startsWith(`${a}/`) || a === '.';

const spread = values => {
  const sorted = values.toSorted((a, b) => a - b);
  const at = share => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  const total = sorted.reduce((sum, value) => sum + value, 0);
  return `${sorted.length} (median ${at(0.5)}, p90 ${at(0.9)}, p99 ${at(0.99)}, max ${at(1)}, lines ${total})`;
};

/** Imports of serving that reach into the folder of one insight; before issue 9 these folders lay in models/. */
const isDeep = ({ from, to }) =>
  from.startsWith('serving/') && /^(insights\/[^/]+|models\/(interestTags|nextAction))\//.test(to);

const files = readFiles();
const known = new Set(files.map(({ path }) => path));
const imports = files.flatMap(file => importsOf(file, known));
const functions = files.flatMap(file =>
  functionLengths(file).map(({ lines, line }) => ({ lines, place: `${file.path}:${line}` })),
);
const written = files.map(file => file.text.split('\n').filter(line => line.trim() !== '').length);
const comments = files.map(commentLines);
const sum = values => values.reduce((total, value) => total + value, 0);
const layerPairs = twoWayPairs(imports, path => path.split('/')[0]);
const folderPairs = twoWayPairs(imports, dirname);
const siblings = folderPairs.filter(pair => !isInside(pair));
const deep = imports.filter(isDeep);
const cycleOf = links => largestCycle(files, links).length;

console.log(`files: ${spread(files.map(({ text }) => text.split('\n').length - 1))}`);
console.log(`functions with a block: ${spread(functions.map(({ lines }) => lines))}`);
for (const { lines, place } of functions.filter(({ lines }) => lines > 60))
  console.log(`  over 60 lines: ${place} (${lines})`);
console.log(`comment lines / non-blank lines: ${((100 * sum(comments)) / sum(written)).toFixed(1)} %`);
console.log(
  `largest import cycle: ${cycleOf(imports)} files; ${cycleOf(imports.filter(link => !link.isType))} without type imports`,
);
console.log(`two-way pairs of layers: ${layerPairs.length}`);
for (const [a, b] of layerPairs) console.log(`  ${a} <-> ${b}`);
console.log(
  `two-way pairs of folders: ${siblings.length} side by side, ${folderPairs.length - siblings.length} of a folder and one inside it`,
);
for (const [a, b] of siblings) console.log(`  ${a} <-> ${b}`);
console.log(`deep imports from serving/ into insight folders: ${deep.length}`);
