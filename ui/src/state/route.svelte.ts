import { hashOf, parseRoute, type Route, type View } from '../pure/route';

class Current {
  now = $state.raw<Route>(parseRoute(location.hash));

  constructor() {
    addEventListener('hashchange', () => (this.now = parseRoute(location.hash)));
  }

  go(view: View, rest = '', params: Record<string, string> = {}): void {
    location.hash = hashOf(view, rest, params);
  }
}

export const route = new Current();
