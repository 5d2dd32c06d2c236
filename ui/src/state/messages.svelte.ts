import { asApiError } from '../backend/backend';

/** What a message offers. */
export interface Offer {
  label: string;
  run: () => void;
}

export interface Message {
  id: number;
  text: string;
  failed: boolean;
  offer?: Offer;
}

/** A message that needs no answer goes after this time. */
const SHOWN_FOR = 12_000;

let last = 0;
let shown = $state.raw<Message[]>([]);
let heard = $state('');

/** What is shown at the edge of the window. */
export function messages(): Message[] {
  return shown;
}

/** What a screen reader is told. */
export function announced(): string {
  return heard;
}

/** Tells a screen reader alone. */
export function announce(text: string): void {
  // The same words again are heard only if they differ.
  heard = text === heard ? `${text}\u00a0` : text;
}

function show(text: string, failed: boolean, offer?: Offer): void {
  const message: Message = { id: ++last, text, failed, offer };
  const others = shown.filter((other) => other.text !== text);
  const newest = others.filter((other) => !other.failed).slice(-2);
  // What failed stays until it is dismissed, however much is said after it.
  shown = [...others.filter((other) => other.failed || newest.includes(other)), message];
  if (!failed) {
    announce(text);
    setTimeout(() => dismiss(message.id), SHOWN_FOR);
  }
}

/** Says what was done, with what can undo it. */
export function say(text: string, offer?: Offer): void {
  show(text, false, offer);
}

/** Says what failed; stays until it is dismissed. */
export function sayFailed(thrown: unknown, offer?: Offer): void {
  show(asApiError(thrown).message, true, offer);
}

export function dismiss(id: number): void {
  shown = shown.filter((message) => message.id !== id);
}
