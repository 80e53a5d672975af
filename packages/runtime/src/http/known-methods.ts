/** Which methods a path answers: lets an unknown route (404) and a wrong method (405) be told apart. */
export type KnownMethods = Readonly<{
  add: (pattern: string, method: string | readonly string[]) => void;
  /** Sorted; empty when no route has this path. */
  of: (path: string) => readonly string[];
}>;

export function knownMethods(): KnownMethods {
  const routes = new Map<string, Readonly<{ matches: RegExp; methods: Set<string> }>>();
  return {
    add(pattern, method) {
      const route = routes.get(pattern) ?? { matches: patternOf(pattern), methods: new Set() };
      for (const name of typeof method === 'string' ? [method] : method) route.methods.add(name);
      routes.set(pattern, route);
    },
    of(path) {
      const methods = new Set<string>();
      for (const route of routes.values())
        if (route.matches.test(path)) for (const method of route.methods) methods.add(method);
      return [...methods].toSorted();
    },
  };
}

/** `/v1/cards/:provider/*` as an expression over a raw path; no part can backtrack into another. */
function patternOf(pattern: string): RegExp {
  const parts = pattern.split('/').map((part) => {
    if (part.startsWith(':')) return '[^/]+';
    if (part === '*') return '.*';
    return part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  });
  return new RegExp(`^${parts.join('/')}$`);
}
