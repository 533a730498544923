/** What each layer may import, but main/, which may import all. In order: a layer imports only from layers above it. */
const layers = {
  domain: [],
  numeric: [],
  text: ['domain', 'numeric'],
  intake: ['domain'],
  store: ['domain'],
  snapshot: ['domain', 'numeric', 'text'],
  privacy: ['domain', 'numeric', 'text'],
  artifact: ['domain', 'numeric'],
  explanation: ['domain', 'numeric'],
  learning: ['domain', 'numeric', 'snapshot', 'privacy', 'artifact'],
  models: ['domain', 'numeric', 'text', 'snapshot', 'privacy', 'artifact', 'learning'],
  insights: ['domain', 'numeric', 'text', 'snapshot', 'privacy', 'artifact', 'learning'],
  experiments: ['domain', 'numeric'],
  evaluation: [
    'domain',
    'numeric',
    'intake',
    'snapshot',
    'artifact',
    'learning',
    'models',
    'insights',
    'experiments',
  ],
  training: [
    'domain',
    'numeric',
    'text',
    'store',
    'snapshot',
    'privacy',
    'artifact',
    'learning',
    'models',
    'insights',
    'experiments',
    'evaluation',
  ],
  serving: [
    'domain',
    'numeric',
    'snapshot',
    'artifact',
    'models',
    'insights',
    'experiments',
    'explanation',
    'store',
  ],
  campaigns: ['domain', 'numeric', 'insights', 'experiments', 'explanation', 'serving', 'store'],
  graphql: ['domain', 'intake', 'serving', 'campaigns', 'store'],
  demo: ['domain', 'numeric'],
};

/** Layers that are functions of their arguments: no disk, network, clock, database or framework. */
const pure = [
  'domain',
  'numeric',
  'text',
  'intake',
  'snapshot',
  'privacy',
  'artifact',
  'explanation',
  'learning',
  'models',
  'insights',
  'experiments',
  'evaluation',
  'demo',
];

const layerRules = Object.entries(layers).map(([layer, allowed]) => ({
  name: `${layer}-imports`,
  comment: `src/${layer} may import only: ${[layer, ...allowed].join(', ')}. Move the code down a layer, or pass the value in.`,
  severity: 'error',
  from: { path: `^src/${layer}/` },
  to: { path: '^src/', pathNot: `^src/(${[layer, ...allowed].join('|')})/` },
}));

/** What each folder of serving/ may import of its siblings. recommender.ts beside them imports all, and none imports it. */
const servingFolders = {
  scan: [],
  live: ['scan'],
  lists: ['live', 'scan'],
  interestTags: ['live'],
  nextAction: ['live'],
};

const servingRules = Object.entries(servingFolders).map(([folder, allowed]) => ({
  name: `serving-${folder}-imports`,
  comment: `src/serving/${folder} may import of serving only: ${[folder, ...allowed].join(', ')}. Let recommender.ts pass the value in.`,
  severity: 'error',
  from: { path: `^src/serving/${folder}/` },
  to: { path: '^src/serving/', pathNot: `^src/serving/(${[folder, ...allowed].join('|')})/` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...layerRules,
    {
      name: 'every-file-has-a-layer',
      comment: 'A file directly under src/, or in a folder this file does not list, belongs to no layer.',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/(${[...Object.keys(layers), 'main'].join('|')})/` },
      to: {},
    },
    {
      name: 'not-to-unresolvable',
      comment: 'An import that cannot be resolved escapes every other rule.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    { name: 'no-cycles', severity: 'error', from: { pathNot: '/generated/' }, to: { circular: true } },
    {
      name: 'no-two-way-folders',
      comment: 'Two folders that import each other are one folder: move the shared code into one of them.',
      severity: 'error',
      scope: 'folder',
      from: { path: '^src/' },
      to: { circular: true },
    },
    {
      name: 'pure-layers-do-no-io',
      comment: 'An algorithm takes its data, its clock and its random numbers as arguments.',
      severity: 'error',
      from: { path: `^src/(${pure.join('|')})/` },
      to: { pathNot: '^src/|@tensorflow/' },
    },
    {
      name: 'tensorflow-only-in-networks',
      comment: 'TensorFlow may train a network; serving uses the typed-array forward pass beside it.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/models/[^/]+/network[.]ts$' },
      to: { path: '@tensorflow/' },
    },
    {
      name: 'models-do-not-know-each-other',
      comment:
        'Two models share code through learning/, numeric/ or snapshot/; only registry.ts imports them all.',
      severity: 'error',
      from: { path: '^src/models/([^/]+)/' },
      to: { path: '^src/models/[^/]+/', pathNot: '^src/models/$1/' },
    },
    {
      name: 'insights-do-not-know-each-other',
      comment:
        'Two insights share code through learning/, numeric/ or snapshot/; only registry.ts imports them all.',
      severity: 'error',
      from: { path: '^src/insights/([^/]+)/' },
      to: { path: '^src/insights/[^/]+/', pathNot: '^src/insights/$1/' },
    },
    ...servingRules,
    {
      name: 'insights-are-served-through-two-files',
      comment:
        'serving/ imports insight.ts (which insight) and reading.ts (what its loaded artifact does); put what it needs there.',
      severity: 'error',
      from: { path: '^src/serving/' },
      to: { path: '^src/insights/[^/]+/', pathNot: '^src/insights/[^/]+/(insight|reading)[.]ts$' },
    },
    {
      name: 'adapters-are-wired-in-main',
      comment: 'Import the interface from store/ports/; main/ chooses the adapter.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(main|store)/' },
      to: {
        path: '^src/store/',
        pathNot: '^src/store/ports/',
      },
    },
    {
      name: 'prisma-only-in-its-adapter',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(store/prisma|main)/' },
      to: { path: '@prisma|node_modules/[.]prisma|^prisma/' },
    },
    {
      name: 'graphql-only-in-its-layer',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(graphql|main)/' },
      to: { path: 'node_modules/(graphql|type-graphql|@apollo|dataloader|class-validator|graphql-scalars)/' },
    },
    {
      name: 'nothing-imports-main',
      severity: 'error',
      from: { pathNot: '^src/main/' },
      to: { path: '^src/main/' },
    },
    {
      name: 'src-does-not-import-test',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|bench)/' },
    },
    {
      name: 'no-dev-dependency-in-src',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'] },
    },
    {
      name: 'no-unreachable-module',
      comment:
        'No entry point in main/ reaches this file. (Tests use store/memory/; scripts/migration.mjs uses diffMigrations.)',
      severity: 'error',
      from: { path: '^src/main/' },
      to: {
        path: '^src/',
        pathNot: '/generated/|^src/(main|store/memory)/|/diffMigrations[.]ts$',
        reachable: false,
      },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules|/generated/' },
    exclude: { path: '^src/numeric/wasm/assembly/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'types', 'default'],
    },
  },
};
