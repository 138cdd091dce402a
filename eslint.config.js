import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

/*
 * Each rule of ours says in one sentence what to do instead. Which file may import which is .dependency-cruiser.cjs's subject.
 */

const tests = ['**/*.test.ts', 'tests/**'];

const noBarrel = {
  selector: 'ExportAllDeclaration',
  message: 'Let importers name the file that defines what they need; a barrel hides who depends on whom.',
};
const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export it by name, so that it has the same name everywhere; only routes and configuration files must export a default.',
};
const noEnvironment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Read the environment in server/main.ts alone and hand the value down, so that every setting is in one place.',
};
const noClock = {
  selector: "NewExpression[callee.name='Date'][arguments.length=0], CallExpression[callee.name='Date']",
  message: 'Take the time as an argument (now), so that the same input gives the same answer on every machine and in every replay.',
};

const time = 'Take the time as an argument (now), so that the same input gives the same answer on every machine and in every replay.';
const chance = 'Take ids and random values as arguments (newId, random), so that a replay gives the same answer.';
const pure = 'shared/ runs in browsers and on the server alike and decides without side effects: take what you need as an argument.';

export default tseslint.config(
  { ignores: ['build/', 'data/', 'coverage/', 'test-results/', 'playwright-report/', '**/.svelte-kit/', '**/node_modules/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  ...svelte.configs.recommended,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname, extraFileExtensions: ['.svelte'] },
    },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' },
      ],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'max-lines': ['error', 700],
      'no-console': 'error',
      'no-restricted-syntax': ['error', noBarrel, noDefaultExport],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { globals: globals.browser, parserOptions: { parser: tseslint.parser, svelteConfig } },
    rules: {
      // Svelte's own compiler and svelte-check know the names; `$state` and its like are not globals to be listed.
      'no-undef': 'off',
      // State is replaced, not mutated: a Set or Map made inside a computation is a value like any other.
      'svelte/prefer-svelte-reactivity': 'off',
    },
  },
  {
    files: ['shared/**/*.ts'],
    ignores: tests,
    rules: {
      'no-restricted-syntax': ['error', noBarrel, noDefaultExport, noClock],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: time },
        { object: 'Math', property: 'random', message: chance },
      ],
      'no-restricted-globals': [
        'error',
        { name: 'crypto', message: `${chance} For hashes use @noble/hashes, which works where a page is no secure context.` },
        { name: 'performance', message: time },
        ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'].map((name) => ({ name, message: time })),
        ...['process', 'Buffer', 'window', 'document', 'navigator', 'localStorage', 'fetch'].map((name) => ({ name, message: pure })),
      ],
    },
  },
  {
    files: ['server/**/*.ts'],
    ignores: ['server/main.ts', ...tests],
    rules: { 'no-restricted-syntax': ['error', noBarrel, noDefaultExport, noEnvironment] },
  },
  {
    files: ['client/src/routes/**', '*.config.{js,ts}', 'tests/**/*.config.ts'],
    rules: { 'no-restricted-syntax': ['error', noBarrel] },
  },
  { files: ['scripts/**', ...tests], rules: { 'no-console': 'off' } },
  {
    // Plain JavaScript has no types for the rules that need them.
    files: ['**/*.{js,mjs,cjs}'],
    ...tseslint.configs.disableTypeChecked,
  },
  { files: ['**/*.{js,mjs,cjs}'], languageOptions: { globals: globals.node, parserOptions: { projectService: false } } },
  { files: ['client/static/*.js'], languageOptions: { globals: globals.browser } },
);
