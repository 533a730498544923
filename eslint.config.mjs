import tseslint from 'typescript-eslint';

const pure =
  'src/{domain,numeric,intake,snapshot,artifact,text,demo,privacy,explanation,learning,models,insights,experiments,evaluation}/**/*.ts';
const ambient = [
  { object: 'Math', property: 'random', message: 'Take an Rng argument: a seed makes the run repeatable.' },
  { object: 'Date', property: 'now', message: 'Take `now: number` (ms since epoch) as an argument.' },
];

/**
 * Reports functions that are longer than the given number of lines, blank lines, comments and nested functions included.
 * Callbacks of describe are exempt, because they only group tests.
 */
const functionLines = {
  meta: {
    type: 'suggestion',
    schema: [{ type: 'integer' }],
    messages: { tooLong: 'Expected a function of at most {{max}} lines; got {{lines}}. Split it.' },
  },
  create(context) {
    const [max] = context.options;
    const groupsTests = ({ parent }) =>
      parent.type === 'CallExpression' && context.sourceCode.getText(parent.callee).startsWith('describe');
    const check = node => {
      const lines = node.loc.end.line - node.loc.start.line + 1;
      if (lines > max && !groupsTests(node))
        context.report({ node, messageId: 'tooLong', data: { lines, max } });
    };
    return { FunctionDeclaration: check, FunctionExpression: check, ArrowFunctionExpression: check };
  },
};
const sizes = { rules: { 'function-lines': functionLines } };

// Biome formats and lints; ESLint adds only what needs types, names a member, or measures sizes.
export default tseslint.config(
  {
    ignores: [
      'src/numeric/wasm/assembly/**',
      '**/generated/**',
      '**/*.generated.ts',
      'test/architecture/violations/**',
    ],
  },
  {
    files: ['{src,test,bench,web}/**/*.{ts,tsx}'],
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/no-deprecated': 'error',
    },
  },
  {
    files: [pure],
    rules: {
      'no-restricted-properties': ['error', ...ambient],
      'no-restricted-syntax': [
        'error',
        { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: ambient[1].message },
      ],
    },
  },
  {
    files: ['{src,bench,web}/**/*.{ts,tsx}', 'scripts/*.mjs'],
    plugins: { sizes },
    rules: { 'sizes/function-lines': ['error', 60], 'max-lines': ['error', 400] },
  },
  {
    files: ['test/**/*.ts'],
    plugins: { sizes },
    rules: { 'sizes/function-lines': ['error', 80], 'max-lines': ['error', 500] },
  },
);
