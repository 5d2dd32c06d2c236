import { Channel, invoke } from '@tauri-apps/api/core';
import type { Backend, Page } from './backend';
import type { Event, Request, Response } from './types';

/** The program around the window. */
export const tauri: Backend = {
  ask: (request: Request) => invoke<Response>('ask', { request }),
  async subscribe(on) {
    const channel = new Channel<Event[]>();
    channel.onmessage = on;
    await invoke('subscribe', { channel });
    return () => {
      channel.onmessage = () => {};
      void invoke('unsubscribe');
    };
  },
  openPage: (what: Page) => invoke('open_page', { what }),
  chooseNewFile: (suggested) => invoke<string | null>('choose_new_file', { suggested }),
  keepText: (suggested, text) => invoke<string | null>('keep_text', { suggested, text }),
  autostart: () => invoke<boolean>('autostart'),
  setAutostart: (on) => invoke('set_autostart', { on }),
  quit: () => invoke('quit'),
};
