import type { ApiError, Event, Request, Response } from './types';

/** A page that the program opens in the user's browser; the window itself never follows a link. */
export type Page = 'spamcop_account' | { report: string };

/** What the window needs of the program around it. */
export interface Backend {
  /** Asks the agent; what it cannot do is rejected with an `ApiError`. */
  ask(request: Request): Promise<Response>;
  /** Hears of what happens until the returned function is called; rejected where there is no agent. */
  subscribe(on: (events: Event[]) => void): Promise<() => void>;
  openPage(page: Page): Promise<void>;
  /** Lets the user choose a file that does not exist yet; null if they think better of it. */
  chooseNewFile(suggested: string): Promise<string | null>;
  /** Writes a text into a file of the user's choice, and says which. */
  keepText(suggested: string, text: string): Promise<string | null>;
  autostart(): Promise<boolean>;
  setAutostart(on: boolean): Promise<void>;
  quit(): Promise<void>;
}

/** The answer of one name, such as `records`. */
export type Part<K extends string> = Response extends infer R ? (R extends Record<K, infer V> ? V : never) : never;

/** Takes the answer out of its envelope. */
export function part<K extends string>(response: Response, name: K): Part<K> {
  if (typeof response === 'object' && name in response) return (response as Record<string, unknown>)[name] as Part<K>;
  throw failure(`The program answered something else than “${name}”.`);
}

/** An error in the shape of the agent's. */
export function failure(message: string, code: ApiError['code'] = 'bad_request'): ApiError {
  return { code, message };
}

/** Whatever was thrown, as an error that can be shown. */
export function asApiError(thrown: unknown): ApiError {
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown && 'message' in thrown)
    return thrown as ApiError;
  return failure(thrown instanceof Error ? thrown.message : String(thrown), 'not_now');
}
