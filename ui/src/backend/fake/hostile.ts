import type { RecordView } from '../types';
import { fact, say } from './told';

/** Mails by which strangers try to break the window. */
export function hostile(template: RecordView, now: number): RecordView[] {
  const like = (id: string, nth: number, change: Partial<RecordView>): RecordView => ({
    ...template,
    id,
    arrived: now - nth,
    state: 'quarantined',
    ...change,
  });
  const script =
    '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script><a href="https://evil.test/">click</a>';
  return [
    like('hostile-html', 1, {
      subject: script,
      from: `"${script}" <x@evil.test>`,
      sentence: `It claims: ${script}`,
      told: { key: 'evidence-not-known-yet' },
      evidence: [
        fact('whom', 'hint', say('evidence-whom-not-own', { address: { text: script } })),
        { rule: 'never_sent', says: 'not_mine', text: script, detail: `${script} https://evil.test/pixel.png` },
      ],
      original: { message_id: script, from: script, to: [script], subject: script, date: 'not a date' },
      hops: [{ helo: script, host: script, ip: null, by: script, date: script, trust: 'breaks' }],
      server: script,
    }),
    like('hostile-bidi', 2, {
      subject: 'Invoice \u202Egpj.exe\u202C \u2066hidden\u2069 zero\u200Bwidth \u0007bell',
      from: '\u202Emoc.elpmaxe@knab <evil@evil.test>',
      evidence: [
        fact('whom', 'hint', say('evidence-whom-not-own', { address: { text: '\u2069\u202Emoc.elpmaxe\u2068' } })),
      ],
    }),
    like('hostile-homograph', 3, {
      subject: 'Your account',
      from: 'Bank <service@p\u0430ypal.example>',
      server: 'mail.\u0430\u0440\u0440\u04CF\u0435.example',
    }),
    like('hostile-marks', 4, { subject: `Z${'\u0335\u0321'.repeat(200)}algo${'\u0301'.repeat(300)} text` }),
    like('hostile-long', 5, {
      subject: 'A'.repeat(10_000_000),
      from: `${'b'.repeat(100_000)}@${'c'.repeat(100_000)}.test`,
    }),
    like('hostile-lines', 6, { subject: 'first\r\nBcc: everybody@example.org\r\n\r\nsecond' }),
  ];
}
