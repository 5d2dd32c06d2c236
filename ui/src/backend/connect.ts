import type { Backend } from './backend';

/** The program around the window where there is one, else an agent that is made up. */
export async function connect(): Promise<Backend> {
  if (import.meta.env.MODE === 'fake' || import.meta.env.DEV) {
    if (!('__TAURI_INTERNALS__' in window)) return (await import('./fake')).fake(new URLSearchParams(location.search));
  }
  return (await import('./tauri')).tauri;
}
