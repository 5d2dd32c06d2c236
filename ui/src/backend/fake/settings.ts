import type { AccountSettings, LearnedView, RuleView, SettingsView } from '../types';

export function account(name: string, address: string, mode: AccountSettings['mode']): AccountSettings {
  const domain = address.split('@')[1] ?? 'example.org';
  return {
    name,
    address,
    aliases: name === 'home' ? ['ada@example.com'] : [],
    shared: name === 'work' ? ['info@firma.example'] : [],
    mode,
    imap: { host: `imap.${domain}`, port: 993, security: 'tls', ca_file: null },
    smtp: { host: `smtp.${domain}`, port: 465, security: 'tls', ca_file: null },
    user: address,
    command: null,
    watch: ['INBOX'],
    sent: null,
    quarantine: 'Never Sent',
    grace: '10m',
    scan_back: '90d',
    keep: '30d',
    own_domains: [],
    declared: name === 'home' ? [{ id: '*@shop.example' }, { relay: '192.0.2.25' }] : [],
    without_uidplus: false,
  };
}

export function settings(accounts: AccountSettings[]): SettingsView {
  return {
    file: '/home/ada/.config/neversent/config.toml',
    data: '/home/ada/.local/share/neversent',
    problem: null,
    accounts,
    lookups: { dkim_spf: true, backscatterer: false, host_names: false, rdap: false, abuse_contacts: false },
    spamcop: { mode: 'ask', has_address: true, daily: 100, hourly: 20, per_server: 1, quick: false, mailhosts: false },
    complaints: { operator: true, injector: false, language: 'en' },
    desktop: { language: null, notify: 'summary', show_senders: false, quiet_hours: null },
  };
}

export const LEARNED: readonly LearnedView[] = [
  {
    name: 'relay.provider.test',
    what: 'rewritten',
    time: '2026-03-02T10:12:00+00:00',
    mails: 41,
    accounts: { home: 41 },
  },
  { name: 'crm.firma.example', what: 'own_unseen', time: '2027-01-05T00:00:00+00:00', mails: 3, accounts: {} },
  { name: 'id *@shop.example', what: 'declared', time: '2026-05-11T08:00:00+00:00', mails: null, accounts: {} },
];

export const RULES: readonly RuleView[] = [
  {
    id: 'dsn',
    kind: 'bounce',
    what: 'A report in the standard form for bounces',
    source: 'RFC 3464',
    file: null,
    sure: true,
    recognised: 61_204,
  },
  {
    id: 'qmail',
    kind: 'bounce',
    what: 'Bounces as qmail writes them',
    source: 'qmail 1.03',
    file: null,
    sure: true,
    recognised: 812,
  },
  {
    id: 'auto-submitted',
    kind: 'auto_reply',
    what: 'An answer that says that no person wrote it',
    source: 'RFC 3834',
    file: null,
    sure: true,
    recognised: 19_922,
  },
  {
    id: 'challenge-phrases',
    kind: 'challenge',
    what: 'Words that ask you to confirm your mail',
    source: 'samples',
    file: null,
    sure: false,
    recognised: 9_310,
  },
  {
    id: 'my-gateway',
    kind: 'virus_notice',
    what: 'Notices of our old gateway',
    source: 'my own',
    file: '/home/ada/.config/neversent/rules/gateway.toml',
    sure: true,
    recognised: 3,
  },
];
