import type { Database, SqlSession } from '@counterfoil/runtime';

/** For tests: a database that never answers a crashed process again, as a dead process hears nothing. */
export function crashableDatabase(
  database: Database,
): Readonly<{ database: Database; crash: () => void }> {
  let isCrashed = false;
  const never = new Promise<never>(() => {});
  const mortal = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    if (isCrashed) return never;
    try {
      const value = await work();
      return isCrashed ? await never : value;
    } catch (error) {
      return isCrashed ? await never : Promise.reject(error);
    }
  };
  const mortalSession = (session: SqlSession): SqlSession => ({
    query: (...parameters) => mortal(() => session.query(...parameters)),
  });
  return {
    crash: () => {
      isCrashed = true;
    },
    database: {
      query: (...parameters) => mortal(() => database.query(...parameters)),
      transaction: (work) =>
        mortal(() => database.transaction((session) => work(mortalSession(session)))),
      withSession: (work) =>
        mortal(() => database.withSession((session) => work(mortalSession(session)))),
      close: () => database.close(),
    },
  };
}
