import { failure, type Backend, type Page } from '../backend';
import type { ApiError, Event, Request, Response } from '../types';

interface Told {
  id?: number;
  response?: Response;
  error?: ApiError;
  events?: Event[];
}

/** What the program around the window would have done, for tests to look at. */
export interface Outside {
  opened: Page[];
  kept: { name: string; text: string }[];
  asked: Request[];
  quits: number;
  /** Takes the agent away, or brings it back. */
  away: boolean;
  /** Has the agent wait for the keyring. */
  locked: boolean;
  /** Lets events happen. */
  happen: (events: Event[]) => void;
}

declare global {
  interface Window {
    outside: Outside;
  }
}

/** An agent that is made up, in a worker of its own as the real one is in a process of its own. */
export function fake(params: URLSearchParams): Backend {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    type: 'module',
    name: params.get('fake') ?? '',
  });
  const asked = new Map<number, { resolve: (response: Response) => void; reject: (error: ApiError) => void }>();
  let listener: ((events: Event[]) => void) | null = null;
  let last = 0;
  let autostart = false;
  const outside: Outside = {
    opened: [],
    kept: [],
    asked: [],
    quits: 0,
    away: params.get('fake') === 'away',
    locked: params.get('fake') === 'locked',
    happen: (events) => listener?.(events),
  };
  window.outside = outside;

  worker.addEventListener('message', ({ data }: MessageEvent<Told>) => {
    if (data.events) return listener?.(data.events);
    const waiting = asked.get(data.id ?? 0);
    asked.delete(data.id ?? 0);
    if (data.error) waiting?.reject(data.error);
    else if (data.response) waiting?.resolve(data.response);
  });

  const present = () => {
    if (outside.away) throw failure('No agent answers.', 'no_connection');
  };
  return {
    async ask(request) {
      present();
      outside.asked.push(request);
      if (outside.locked && request !== 'settings')
        throw failure('the index of sent mail is being opened; if your keyring is locked, unlock it', 'not_now');
      const id = ++last;
      return new Promise((resolve, reject) => {
        asked.set(id, { resolve, reject });
        worker.postMessage({ id, request });
      });
    },
    async subscribe(on) {
      present();
      listener = on;
      return () => (listener = null);
    },
    async openPage(page) {
      present();
      outside.opened.push(page);
    },
    chooseNewFile: async (suggested) => `/home/ada/${suggested}`,
    async keepText(name, text) {
      outside.kept.push({ name, text });
      return `/home/ada/${name}`;
    },
    autostart: async () => autostart,
    async setAutostart(on) {
      autostart = on;
    },
    async quit() {
      outside.quits += 1;
    },
  };
}
