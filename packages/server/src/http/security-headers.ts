import type { Config } from '../config/config.ts';

/** Headers of every answer. */
export function commonHeaders(config: Pick<Config, 'publicUrl'>): Record<string, string> {
  return {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    ...(config.publicUrl?.protocol === 'https:'
      ? { 'strict-transport-security': 'max-age=63072000; includeSubDomains' }
      : {}),
  };
}

/** What the HTTPS listener answers under a name of its own: this name, and no other, is HTTPS only. */
export const TRANSPORT_SECURITY = 'max-age=63072000';

/** The policy of answers that are no pages: nothing in them may do anything. */
export const API_CONTENT_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'";

/**
 * The policy of the portal's pages. Scripts come from files only; the data block with a denial is no script.
 * Mantine writes its theme's variables into a style element, which the nonce admits; a build without a place
 * for the nonce is served with 'unsafe-inline' for styles, never for scripts.
 */
export function portalContentPolicy(styleNonce: string | null): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' ${styleNonce === null ? "'unsafe-inline'" : `'nonce-${styleNonce}'`}`,
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
