import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const PURE = ['src/spec/**/*.ts', 'src/distro/**/*.ts', 'src/cookbook/**/*.ts', 'src/plan/**/*.ts'];

const NO_DEFAULT_EXPORT = {
  selector: 'ExportDefaultDeclaration',
  message: 'Named exports only; oclif commands in src/cli/commands are the exception.',
};
const NO_EXPORT_ALL = { selector: 'ExportAllDeclaration', message: 'No barrel files: import from the file itself.' };
const NO_MODULE_STATE = {
  selector:
    'Program > VariableDeclaration[kind=/let|var/], Program > ExportNamedDeclaration > VariableDeclaration[kind=/let|var/]',
  message: 'No module state: what a function needs is an argument.',
};
const NO_EXIT = {
  selector: "CallExpression[callee.object.name='process'][callee.property.name='exit']",
  message: 'Only the base command ends the process; throw a BdeError.',
};
const NO_PURE_CLOCK = [
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: 'Pure core: randomness is an argument.',
  },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Pure core: time is an argument.' },
  { selector: "MemberExpression[object.name='Date'][property.name='now']", message: 'Pure core: time is an argument.' },
  {
    selector: 'FunctionDeclaration[async=true], FunctionExpression[async=true], ArrowFunctionExpression[async=true]',
    message: 'Pure core: values in, values out, no Promise.',
  },
];
const NO_MOCK = {
  selector: "CallExpression[callee.object.name='vi'][callee.property.name=/^(mock|doMock|hoisted)$/]",
  message: 'No module mocks: write a small working fake in test/fakes.',
};
const NO_FOCUS = {
  selector: 'MemberExpression[object.name=/^(it|test|describe)$/][property.name=/^(only|skip|todo)$/]',
  message: 'A test runs or is not there.',
};

const SOURCE_SYNTAX = [NO_EXPORT_ALL, NO_MODULE_STATE];

export default defineConfig(
  globalIgnores(['node_modules/', 'dist/', 'coverage/', 'test/fixtures/', 'src/generated/']),
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'max-params': ['error', 4],
      'max-lines': ['error', { max: 350 }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...SOURCE_SYNTAX, NO_DEFAULT_EXPORT, NO_EXIT] },
  },
  { files: ['src/types/*.d.ts'], rules: { 'no-restricted-syntax': 'off' } },
  { files: ['src/cli/*.ts'], rules: { 'no-restricted-syntax': ['error', ...SOURCE_SYNTAX, NO_DEFAULT_EXPORT] } },
  { files: ['src/cli/commands/**/*.ts'], rules: { 'no-restricted-syntax': ['error', ...SOURCE_SYNTAX, NO_EXIT] } },
  {
    files: PURE,
    rules: {
      'no-restricted-syntax': ['error', ...SOURCE_SYNTAX, NO_DEFAULT_EXPORT, NO_EXIT, ...NO_PURE_CLOCK],
      'no-restricted-globals': [
        'error',
        'process',
        'setTimeout',
        'setInterval',
        'setImmediate',
        'fetch',
        'Promise',
        'performance',
      ],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', NO_MOCK, NO_FOCUS],
      'max-lines': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['scripts/**/*.{mjs,cjs}', '*.js', '*.cjs', 'bench/**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        Buffer: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        require: 'readonly',
        module: 'writable',
        __dirname: 'readonly',
        __filename: 'readonly',
      },
    },
  },
);
