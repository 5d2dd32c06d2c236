/** What the window may load; the program's own configuration says the same. */
export const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  'connect-src ipc: http://ipc.localhost',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-src 'none'",
  "object-src 'none'",
].join('; ');

/** The same for the development server, whose hot reloading needs a socket and inline styles. */
export const POLICY_WHILE_DEVELOPING = POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'").replace(
  'connect-src ',
  "connect-src 'self' ws: ",
);
