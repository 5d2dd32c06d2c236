import svelte from 'eslint-plugin-svelte';
import ts from 'typescript-eslint';

const noTauri = {
  'no-restricted-imports': [
    'error',
    { patterns: [{ group: ['@tauri-apps/*'], message: 'Only src/backend/tauri.ts speaks with the program.' }] },
  ],
};
const unsafeMarkup = [
  'innerHTML',
  'outerHTML',
  'insertAdjacentHTML',
  'srcdoc',
  'setHTMLUnsafe',
  'createContextualFragment',
];

export default ts.config(
  { ignores: ['dist', 'dist-fake', 'src/bindings', 'test-results'] },
  ...ts.configs.recommended,
  ...svelte.configs['flat/recommended'],
  { files: ['**/*.svelte', '**/*.svelte.ts'], languageOptions: { parserOptions: { parser: ts.parser } } },
  {
    rules: {
      ...noTauri,
      'no-undef': 'off',
      '@typescript-eslint/no-explicit-any': 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-console': 'error',
      'svelte/no-at-html-tags': 'error',
      // Only markup is meant: what a script sets, the policy allows.
      'svelte/no-inline-styles': 'off',
      'svelte/no-useless-mustaches': 'off',
      'svelte/require-each-key': 'error',
      // Plain sets and maps are replaced as a whole, never changed in place.
      'svelte/prefer-svelte-reactivity': 'off',
      'svelte/no-navigation-without-resolve': 'off',
      'no-restricted-properties': [
        'error',
        ...unsafeMarkup.map((property) => ({ property, message: 'Mail is shown as text.' })),
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: "SvelteAttribute[key.name='style']",
          message: 'The policy blocks style attributes; use style:name.',
        },
        ...unsafeMarkup.map((name) => ({
          selector: `AssignmentExpression > MemberExpression[property.name='${name}']`,
          message: 'Mail is shown as text.',
        })),
      ],
    },
  },
  { files: ['src/backend/tauri.ts'], rules: { 'no-restricted-imports': 'off' } },
);
