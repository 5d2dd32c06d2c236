import { failure } from '../backend';
import type { Request, Response } from '../types';

/** Answers that are always the same. */
export const CONSTANT: Record<string, Response> = {
  selectors: { selectors: { 'mail2024._domainkey.example.org': '2026-11-20T08:00:00+00:00' } },
  unmatched: { unmatched: [{ came: 1_795_816_800, links: ['https://www.spamcop.net/sc?id=z99z'] }] },
  digest: {
    digest: '3 reports were sent by themselves yesterday: two about mx1.shop.example, one about gate1.office.example.',
  },
  diagnostics: {
    diagnostics: {
      parts: [
        { name: 'versions', text: 'neversent 0.1.0\nLinux 6.1' },
        { name: 'log', text: '10:02 INFO connected account=1\n10:03 INFO judged verdict=backscatter' },
      ],
    },
  },
  check: {
    checked: {
      parts: [
        { name: 'index', text: '48,211 sent mails', problem: null },
        { name: 'journal', text: 'whole', problem: null },
      ],
    },
  },
};

export function findServers(address: string): Response {
  const domain = address.split('@')[1] ?? '';
  const known = domain === 'example.org';
  const server = (name: string, port: number) => ({
    host: `${name}.${domain}`,
    port,
    security: 'tls' as const,
    ca_file: null,
  });
  return {
    servers: {
      provider: known ? 'Example Mail' : null,
      imap: known ? server('imap', 993) : null,
      smtp: known ? server('smtp', 465) : null,
      user: address,
      first: known ? 'Make an app password at Example Mail first, under “Security”.' : null,
    },
  };
}

export function tryAccount(password: string | null, scenario: string): Response {
  if (password === 'wrong')
    throw failure(
      'imap.example.org refused the sign-in: the password is wrong. Look whether your provider wants an app password.',
      'sign_in_refused',
    );
  if (scenario === 'offline')
    throw failure(
      'imap.example.org cannot be reached. Look whether you are connected to the internet.',
      'no_connection',
    );
  const unsent = scenario === 'first-run-unsent';
  const folder = (name: string, sent = false, inbox = false) => ({ name, sent: sent && !unsent, inbox });
  return {
    tried: {
      folders: [
        folder('INBOX', false, true),
        folder('Sent', true),
        folder('Archive'),
        folder('Archive/Sent 2024', true),
        folder('Junk'),
      ],
      problems: ['The server cannot move mails in one step (no MOVE); they are copied and then deleted.'],
    },
  };
}

export function draft({
  id,
  channel,
  look_up,
}: Extract<Exclude<Request, string>, { draft: unknown }>['draft']): Response {
  return {
    draft: {
      channel,
      host: '203.0.113.7',
      host_name: 'mx1.shop.example',
      contacts: look_up
        ? [
            { address: 'abuse@hosting.test', by: 'rdap' },
            { address: 'noc@hosting.test', by: 'abusix' },
          ]
        : [],
      problems: look_up ? [] : ['No contact was looked up.'],
      subject: 'Backscatter from 203.0.113.7',
      text: `Your server answered a mail that I never sent (${id}).\nPlease refuse mail for unknown recipients instead of bouncing it.`,
      attached: 'The notice goes with it, word for word, 3,204 bytes.',
    },
  };
}
