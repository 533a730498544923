import tseslint from 'typescript-eslint';

const pure =
  'src/{domain,numeric,intake,snapshot,artifact,text,demo,privacy,explanation,learning,models,insights,experiments,evaluation}/**/*.ts';
const ambient = [
  { object: 'Math', property: 'random', message: 'Take an Rng argument: a seed makes the run repeatable.' },
  { object: 'Date', property: 'now', message: 'Take `now: number` (ms since epoch) as an argument.' },
];

// Biome formats and lints; ESLint adds only what needs types, or names a member.
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
);
