import hooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist', 'out'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    plugins: { 'react-hooks': hooks },
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.page.json', './tsconfig.worker.json', './tsconfig.tools.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      ...hooks.configs.recommended.rules,
      'no-console': 'error',
      'no-restricted-globals': [
        'error',
        { name: 'localStorage', message: 'Nothing stays in the browser.' },
        { name: 'sessionStorage', message: 'Nothing stays in the browser.' },
        { name: 'indexedDB', message: 'Nothing stays in the browser.' },
        { name: 'caches', message: 'Nothing stays in the browser.' },
        { name: 'fetch', message: 'The client core speaks to the service: see src/core.' },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration', message: 'A union of literals says it.' },
        { selector: 'JSXAttribute[name.name="dangerouslySetInnerHTML"]', message: 'No text becomes markup.' },
        { selector: 'JSXText[value=/[A-Za-zÀ-ù]/]', message: 'Texts are in src/words.' },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  {
    // Only src/core speaks to the Worker, and its worker folder only to the core and the service.
    files: ['src/**'],
    ignores: ['src/core/**'],
    rules: {
      'no-restricted-imports': ['error', { patterns: [{ group: ['**/core/worker/*', '**/core/wire*'], message: 'Speak to src/core/core.' }] }],
    },
  },
  {
    files: ['src/core/worker/**', 'src/core/exit.ts', 'test/**'],
    rules: { 'no-restricted-globals': 'off' },
  },
  {
    // "declare var" is how a global of a script is declared.
    files: ['**/*.d.ts'],
    rules: { 'no-var': 'off' },
  },
);
