/**
 * What every answer says to a browser. The policy for what the answer may do depends on the route that gives it;
 * without one it may do nothing.
 */
export function securityHeaders(route: string | undefined): Readonly<Record<string, string>> {
  return {
    'content-security-policy': policyFor(route ?? NO_ROUTE),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
  };
}

// Trusted types without a policy: the browser itself refuses innerHTML and the like, so that no name or log line can
// become markup.
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

// Bull Board sets styles inline and asks an outside host for a font: the first is let through, the second is not.
const BOARD_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'self'",
  "frame-ancestors 'none'",
].join('; ');

const API_POLICY =
  "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const NO_ROUTE = '/api/';

function policyFor(route: string): string {
  if (route.startsWith('/api/')) return API_POLICY;
  return route === '/queues' || route.startsWith('/queues/') ? BOARD_POLICY : PAGE_POLICY;
}
