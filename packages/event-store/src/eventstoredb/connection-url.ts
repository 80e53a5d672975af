import type { Credentials } from '@eventstore/db-client';

export type ConnectionUrl = Readonly<{
  /** Given with every call. */
  credentials: Credentials;
  /** Connection strings of clients that do not share a connection. */
  textOf: (connection: number) => string;
}>;

// As the client library reads them.
const credentialsPattern = /^[^:]+:\/\/(?<username>[^:@/?]+):(?<password>[^@]+)@/;
// The client warns about less; each further connection differs by a millisecond.
const keepAliveIntervalMs = 10_000;

/**
 * The client library's two ways to append are told apart by the credentials of the call: without,
 * appends share one stream for the whole process, and one failure there rejects the others' appends
 * and then hangs (6.2.1). So there are always some. Without TLS the library sends none, and the
 * server wants none.
 *
 * Clients with equal settings share one HTTP/2 connection, and its limit of 100 calls.
 */
export function connectionUrl(url: string): ConnectionUrl {
  const isPlain = /[?&]tls=false(&|$)/i.test(url);
  const { username, password } = credentialsPattern.exec(url)?.groups ?? {};
  const isNamed = username !== undefined && password !== undefined;
  if (!isNamed && !isPlain)
    throw new Error('An EventStoreDB URL needs a user name and a password, or tls=false');
  const own = isNamed
    ? { username: decodeURIComponent(username), password: decodeURIComponent(password) }
    : { username: 'nobody', password: 'unsent' };
  const textOf = (connection: number) => {
    if (connection === 0) return url;
    const interval = `keepAliveInterval=${keepAliveIntervalMs + connection}`;
    return `${url}${url.includes('?') ? '&' : '?'}${interval}`;
  };
  return { credentials: own, textOf };
}
