/** The import direction of docs/architecture.md, checked. */

const PURE = '^src/(spec|distro|cookbook|plan)/';
const ADAPTERS = '^src/(backups|certificates|ssh|repo|store|identity|providers)/';

/** A folder that may import itself and what is named here, nothing else of src. */
function only(name, from, allowed) {
  return {
    name,
    severity: 'error',
    from: { path: from },
    to: { path: '^src/', pathNot: allowed },
  };
}

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    { name: 'no-dev-dependencies', severity: 'error', from: { path: '^src/' }, to: { dependencyTypes: ['npm-dev'] } },

    only('errors-import-nothing', '^src/errors/', ['^src/errors/']),
    only('files-only-read', '^src/files/', ['^src/files/', '^src/errors/']),
    only('core-below-plan', '^src/(spec|distro|cookbook)/', ['^src/(spec|distro|cookbook|errors|types|generated)/']),
    only('plan-on-core', '^src/plan/', [PURE, '^src/(errors|types|generated)/']),
    only('engine-on-plan', '^src/engine/', ['^src/engine/', PURE, '^src/(errors|types)/']),
    only('ports-are-types', '^src/engine/ports/', ['^src/engine/ports/', PURE, '^src/errors/']),
    only('adapters-on-ports', '^src/(backups|certificates|ssh|repo|store|identity)/', [
      '^src/$1/',
      '^src/certificates/',
      '^src/engine/ports/',
      '^src/(errors|types)/',
    ]),
    only('providers-alone', '^src/providers/([^/]+)/', [
      '^src/providers/$1/',
      '^src/engine/ports/',
      '^src/(errors|types)/',
    ]),
    {
      name: 'report-on-types',
      severity: 'error',
      from: { path: '^src/report/' },
      to: { path: '^src/', pathNot: ['^src/report/', '^src/errors/'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'adapters-by-wire-alone',
      severity: 'error',
      from: { path: '^src/(cli|server)/', pathNot: '^src/cli/wire' },
      to: { path: [ADAPTERS], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'pure-core-no-io',
      comment: 'Values in, values out: hashing is the one thing of Node that the core may use.',
      severity: 'error',
      from: { path: PURE },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    },
    {
      name: 'pure-core-libraries',
      comment: 'Parsers and templates; nothing that opens a file or a socket.',
      severity: 'error',
      from: { path: PURE },
      to: {
        dependencyTypes: ['npm'],
        pathNot: 'node_modules/(jsonc-parser|yaml|handlebars|fastest-levenshtein|semver|ajv|ajv-formats)/',
      },
    },
    {
      name: 'no-dynamic-commonjs',
      comment:
        'In the bundle a dynamic import of a CommonJS package has no named exports: import it in an adapter, and that lazily.',
      severity: 'error',
      from: { path: '^src/' },
      to: {
        dependencyTypes: ['npm'],
        dynamic: true,
        pathNot: 'node_modules/(@inquirer/confirm|string-width|p-queue)/',
      },
    },
    {
      name: 'files-no-libraries',
      severity: 'error',
      from: { path: '^src/(files|errors)/' },
      to: { dependencyTypes: ['npm'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.(sh|sql|txt)$' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
  },
};
