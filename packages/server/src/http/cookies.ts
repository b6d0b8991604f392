import type { Config } from '../config/config.ts';

/** The session cookie. Behind https its name carries the __Host- promise; on plain http browsers would refuse that. */
export interface SessionCookie {
  readonly name: string;
  set(id: string): string;
  clear(): string;
  /** The session id in a Cookie header, or null. */
  read(header: string | undefined): string | null;
}

/** Builds the session cookie for where we are served: HttpOnly, SameSite=Strict, whole site, no Domain. */
export function sessionCookie(config: Pick<Config, 'publicUrl'>): SessionCookie {
  const secure = config.publicUrl?.protocol === 'https:';
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
