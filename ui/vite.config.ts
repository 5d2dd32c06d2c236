import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { POLICY, POLICY_WHILE_DEVELOPING } from './policy.ts';

export default defineConfig(({ mode }) => ({
  plugins: [svelte()],
  build: {
    target: 'es2022',
    outDir: mode === 'fake' ? 'dist-fake' : 'dist',
    assetsInlineLimit: 0,
    // The polyfill fetches scripts, which the policy forbids.
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  worker: { format: 'es' as const },
  server: { headers: { 'Content-Security-Policy': POLICY_WHILE_DEVELOPING } },
  preview: { headers: { 'Content-Security-Policy': POLICY }, strictPort: true },
  test: { include: ['src/**/*.test.ts'], environment: 'node' as const },
}));
