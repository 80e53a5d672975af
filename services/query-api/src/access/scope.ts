/** What an API key may do. `books:read` is everything that shows balances and their history. */
export const scopes = [
  'books:read',
  'accounts:write',
  'adjustments:write',
  'orders:write',
  'reviews:read',
  'reviews:write',
  'events:read',
  'inbound-webhooks:read',
  'inbound-webhooks:write',
] as const;
export type Scope = (typeof scopes)[number];

export const isScope = (text: string): text is Scope => scopes.some((scope) => scope === text);
