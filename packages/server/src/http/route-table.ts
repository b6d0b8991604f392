import type { Rule } from '../authorization/rule.ts';

/** A route or page with its rule. Patterns: `/a/b`, `/a/{name}`, and `/a/*` for everything below. */
export interface DeclaredRoute {
  readonly method: string;
  readonly pattern: string;
  readonly type: 'API Endpoint' | 'Portal Page';
  readonly rule: Rule;
}

/** A declared route that fits a request. */
export interface RouteMatch {
  readonly route: DeclaredRoute;
  readonly params: Readonly<Record<string, string>>;
}

interface Compiled {
  readonly segments: readonly string[];
  readonly route: DeclaredRoute;
}

/**
 * Every route of the server with the rule that guards it. The guard lets nothing through that is not in here,
 * so a handler without a rule cannot be reached.
 */
export class RouteTable {
  readonly #exact = new Map<string, DeclaredRoute>();
  readonly #patterns: Compiled[] = [];
  readonly #all: DeclaredRoute[] = [];

  /** Declares a route. Throws when it is declared already. */
  add(route: DeclaredRoute): void {
    const same = this.#all.find((r) => r.method === route.method && r.pattern === route.pattern);
    if (same !== undefined)
      throw new Error(`route ${route.method} ${route.pattern} is declared twice`);
    this.#all.push(route);
    if (/[{*]/.test(route.pattern)) {
      this.#patterns.push({ segments: route.pattern.split('/'), route });
      // A wildcard stands back behind every pattern that says more.
      this.#patterns.sort(
        (a, b) => Number(a.segments.includes('*')) - Number(b.segments.includes('*')),
      );
    } else {
      this.#exact.set(`${route.method} ${route.pattern}`, route);
    }
  }

  /** Everything declared. */
  get all(): readonly DeclaredRoute[] {
    return this.#all;
  }

  /** The route of a request; HEAD is answered by GET. */
  match(verb: string, path: string): RouteMatch | null {
    const method = verb === 'HEAD' ? 'GET' : verb;
    const exact = this.#exact.get(`${method} ${path}`);
    if (exact !== undefined) return { route: exact, params: {} };
    const segments = path.split('/');
    for (const { segments: pattern, route } of this.#patterns) {
      if (route.method !== method) continue;
      const params = matchSegments(pattern, segments);
      if (params !== null) return { route, params };
    }
    return null;
  }

  /** The methods a path knows, for 405; empty when it knows none. */
  methodsOf(path: string): string[] {
    const methods = new Set(this.#all.map((route) => route.method));
    return [...methods].filter((method) => this.match(method, path) !== null).sort();
  }
}

function matchSegments(
  pattern: readonly string[],
  segments: readonly string[],
): Record<string, string> | null {
  const params: Record<string, string> = {};
  for (const [i, part] of pattern.entries()) {
    if (part === '*') return segments.length > i ? params : null;
    const segment = segments[i];
    if (segment === undefined) return null;
    if (part.startsWith('{')) {
      if (segment === '') return null;
      params[part.slice(1, -1)] = segment;
    } else if (part !== segment) {
      return null;
    }
  }
  return segments.length === pattern.length ? params : null;
}
