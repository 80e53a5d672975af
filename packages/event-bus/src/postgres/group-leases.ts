import type { Database, SqlSession } from '@counterfoil/runtime';
import { partitionCount } from '../partition-of.ts';

/** One member of one group. */
export type MemberName = Readonly<{ topic: string; group: string; member: string }>;

/** Makes the group's rows when it is new; its cursors begin before everything that is kept. */
export async function registerGroup(database: Database, name: MemberName): Promise<void> {
  await database.query(
    `insert into counterfoil_bus.subscriptions (topic, group_name, partition)
     select $1, $2, generate_series(0, $3::integer - 1)
     on conflict do nothing`,
    [name.topic, name.group, partitionCount],
  );
}

export type HeartbeatResult = Readonly<{
  /** The partitions that are ours until the lease ends. */
  owned: ReadonlySet<number>;
  /** How many we hold beyond our share and should let go when they are idle. */
  surplus: number;
}>;

/**
 * Says that we live, renews our leases, and takes free partitions up to our share: all of them
 * divided by the living members, rounded up. The server's clock decides, so members' clocks may differ.
 */
export const heartbeat = (
  database: Database,
  name: MemberName,
  leaseMs: number,
): Promise<HeartbeatResult> =>
  database.transaction(async (session) => {
    const living = await sayAlive(session, name, leaseMs);
    const renewed = await renew(session, name, leaseMs);
    const share = Math.ceil(partitionCount / living);
    const wanted = Math.max(0, share - renewed.length);
    const taken = wanted === 0 ? [] : await take(session, name, leaseMs, wanted);
    const owned = new Set([...renewed, ...taken]);
    return { owned, surplus: Math.max(0, owned.size - share) };
  });

async function sayAlive(
  session: SqlSession,
  { topic, group, member }: MemberName,
  leaseMs: number,
): Promise<number> {
  await session.query(
    `insert into counterfoil_bus.members (topic, group_name, member, seen_until)
     values ($1, $2, $3, now() + $4::integer * interval '1 millisecond')
     on conflict (topic, group_name, member) do update set seen_until = excluded.seen_until`,
    [topic, group, member, leaseMs],
    { name: 'counterfoil-bus-alive' },
  );
  await session.query(
    `delete from counterfoil_bus.members
     where topic = $1 and group_name = $2 and seen_until < now() - interval '1 minute'`,
    [topic, group],
    { name: 'counterfoil-bus-forget' },
  );
  const { rowCount } = await session.query(
    `select from counterfoil_bus.members
     where topic = $1 and group_name = $2 and seen_until > now()`,
    [topic, group],
    { name: 'counterfoil-bus-living' },
  );
  return Math.max(1, rowCount);
}

async function renew(
  session: SqlSession,
  { topic, group, member }: MemberName,
  leaseMs: number,
): Promise<readonly number[]> {
  const { rows } = await session.query(
    `update counterfoil_bus.subscriptions
     set leased_until = now() + $4::integer * interval '1 millisecond'
     where topic = $1 and group_name = $2 and member = $3
     returning partition`,
    [topic, group, member, leaseMs],
    { name: 'counterfoil-bus-renew' },
  );
  return rows.map((row) => row['partition'] as number);
}

/** `skip locked`: two members that take at once take different ones. */
async function take(
  session: SqlSession,
  { topic, group, member }: MemberName,
  leaseMs: number,
  wanted: number,
): Promise<readonly number[]> {
  const { rows } = await session.query(
    `with free as (
       select partition from counterfoil_bus.subscriptions
       where topic = $1 and group_name = $2 and (member is null or leased_until < now())
       order by partition limit $5
       for update skip locked
     )
     update counterfoil_bus.subscriptions s
     set member = $3, leased_until = now() + $4::integer * interval '1 millisecond'
     from free
     where s.topic = $1 and s.group_name = $2 and s.partition = free.partition
     returning s.partition`,
    [topic, group, member, leaseMs, wanted],
    { name: 'counterfoil-bus-take' },
  );
  return rows.map((row) => row['partition'] as number);
}

/** Lets partitions go, for others to take at once. */
export async function release(
  database: Database,
  { topic, group, member }: MemberName,
  partitions: readonly number[],
): Promise<void> {
  await database.query(
    `update counterfoil_bus.subscriptions set member = null, leased_until = null
     where topic = $1 and group_name = $2 and member = $3 and partition = any($4::smallint[])`,
    [topic, group, member, [...partitions]],
  );
}

/** Ends the membership and lets everything go. */
export async function leaveGroup(database: Database, name: MemberName): Promise<void> {
  const { topic, group, member } = name;
  await database.query(
    `with gone as (
       delete from counterfoil_bus.members where topic = $1 and group_name = $2 and member = $3
     )
     update counterfoil_bus.subscriptions set member = null, leased_until = null
     where topic = $1 and group_name = $2 and member = $3`,
    [topic, group, member],
  );
}
