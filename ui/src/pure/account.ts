import type { AccountSettings, AccountView, Declared, FolderChoice, ServerSettings } from '../backend/types';

/** An account before anything is known of it: nothing is moved until the user has seen what would be. */
export function newAccount(address: string, taken: readonly string[]): AccountSettings {
  const stem =
    address
      .split('@')[0]
      ?.toLowerCase()
      .replace(/[^a-z0-9]+/g, '-') || 'mail';
  let name = stem;
  for (let number = 2; taken.includes(name); number += 1) name = `${stem}-${number}`;
  return {
    name,
    address,
    aliases: [],
    shared: [],
    mode: 'observe',
    imap: emptyServer(993),
    smtp: null,
    user: address,
    command: null,
    watch: ['INBOX'],
    sent: null,
    quarantine: 'Never Sent',
    grace: '10m',
    scan_back: '90d',
    keep: '30d',
    own_domains: [],
    declared: [],
    without_uidplus: false,
  };
}

export function emptyServer(port: number): ServerSettings {
  return { host: '', port, security: 'tls', ca_file: null };
}

export const DECLARED_KINDS = ['relay', 'id', 'header', 'dkim'] as const;

export type DeclaredKind = (typeof DECLARED_KINDS)[number];

export function declared(kind: DeclaredKind, value: string): Declared {
  return { [kind]: value } as Declared;
}

export function declaredParts(sender: Declared): [DeclaredKind, string] {
  return Object.entries(sender)[0] as [DeclaredKind, string];
}

/** Whether the first reading is over; an account without sent mail is never whole, but there is nothing more to read. */
export function hasRead({ state, complete, sent_indexed }: AccountView): boolean {
  const watching = typeof state === 'object' && 'watching' in state;
  return watching && (complete || sent_indexed === 0);
}

/** Whether all Sent folders that were found were taken away from the list, so that nothing could be known. */
export function lacksSent(sent: readonly string[], folders: readonly FolderChoice[]): boolean {
  return sent.length === 0 && folders.some((folder) => folder.sent);
}
