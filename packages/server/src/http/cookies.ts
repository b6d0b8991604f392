import type { Config } from '../config/config.ts';

/** The session cookie. Behind https its name carries the __Host- promise; on plain http browsers would refuse that. */
export interface SessionCookie {
  readonly name: string;
  /** Only for https. */
  readonly secure: boolean;
  set(id: string): string;
  clear(): string;
  /** The session id in a Cookie header, or null. */
  read(header: string | undefined): string | null;
}

/** The cookies of both listeners: behind a TLS proxy plain HTTP carries the secure one, too. */
export function sessionCookies(config: Pick<Config, 'publicUrl'>): {
  readonly plain: SessionCookie;
  readonly tls: SessionCookie;
} {
  const tls = sessionCookie(true);
  return { plain: config.publicUrl?.protocol === 'https:' ? tls : sessionCookie(false), tls };
}

/** Builds the session cookie: HttpOnly, SameSite=Strict, whole site, no Domain. */
function sessionCookie(secure: boolean): SessionCookie {
  return makeCookie('countersign', secure, 'SameSite=Strict');
}

/**
 * The cookie of a browser that is away at the identity provider, for `seconds`. It comes back from another site, which
 * only SameSite=Lax lets a cookie do; it opens nothing by itself.
 */
export function departureCookie(secure: boolean, seconds: number): SessionCookie {
  return makeCookie('countersign-sign-in', secure, 'SameSite=Lax', `; Max-Age=${seconds}`);
}

function makeCookie(base: string, secure: boolean, sameSite: string, age = ''): SessionCookie {
  const name = secure ? `__Host-${base}` : base;
  const attributes = `Path=/; HttpOnly; ${sameSite}${secure ? '; Secure' : ''}`;
  return {
    name,
    secure,
    set: (id) => `${name}=${id}; ${attributes}${age}`,
    clear: () => `${name}=; ${attributes}; Max-Age=0`,
    read: (header) => {
      if (header === undefined) return null;
      for (const part of header.split(';')) {
        const at = part.indexOf('=');
        if (at > 0 && part.slice(0, at).trim() === name) {
          const value = part.slice(at + 1).trim();
          if (value !== '') return value;
        }
      }
      return null;
    },
  };
}
