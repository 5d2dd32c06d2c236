/** Where the window is, by the part of its address behind `#`. */
export interface Route {
  view: View;
  /** What follows, such as the name of a mail. */
  rest: string;
  params: URLSearchParams;
}

export const VIEWS = ['overview', 'never-sent', 'mail', 'eye', 'reports', 'sources', 'accounts', 'first-run'] as const;

export type View = (typeof VIEWS)[number];

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [name = '', ...rest] = path.split('/');
  const view = VIEWS.find((known) => known === name) ?? 'overview';
  return { view, rest: decoded(rest.join('/')), params: new URLSearchParams(query) };
}

export function hashOf(view: View, rest = '', params: Record<string, string> = {}): string {
  const query = new URLSearchParams(params).toString();
  return `#/${view}${rest ? `/${encodeURIComponent(rest)}` : ''}${query ? `?${query}` : ''}`;
}
