import type { Config } from '../config/config.ts';

/** The session cookie. Behind https its name carries the __Host- promise; on plain http browsers would refuse that. */
export interface SessionCookie {
  readonly name: string;
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
  const name = secure ? '__Host-countersign' : 'countersign';
  const attributes = `Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
  return {
    name,
    set: (id) => `${name}=${id}; ${attributes}`,
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
