/** What one version of the function has and another has not. */
type Parts = Readonly<{ create: string; setting?: string; first?: string; insert: string }>;

/**
 * One round trip, one database transaction, one lock for every append of every process.
 *
 * A segment is what a batch appends to one stream. A segment whose stream is not at the expected
 * version, or one of whose event ids is stored already, is left out whole; all others are
 * inserted. The first row answers with segment 0 and the position before the batch; then comes a
 * row for each segment left out, with the actual version of its stream.
 *
 * The lock is held until the commit is durable and visible. So positions are contiguous and in
 * commit order, and each statement here sees everything that any append before it committed.
 * The table is read by index only: a plan made while it was small must stay good.
 *
 * Columns of text come as one text, joined with the record separator, a character that JSON escapes
 * and names may not contain. PostgreSQL and its client take many times as long over arrays of text.
 */
const appendBatch = (schema: string, { create, setting = '', first = '', insert }: Parts) => `
${create} ${schema}.append_batch(
  segment_streams text,
  segment_expected bigint[],
  event_segments integer[],
  event_streams text,
  event_versions bigint[],
  event_ids uuid[],
  event_types text,
  event_schema_versions integer[],
  event_data text,
  event_correlation_ids text,
  event_causation_ids text,
  event_occurred_ms double precision[],
  recorded_ms double precision
) returns table (segment integer, version bigint)
language plpgsql
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set lock_timeout = '15s'${setting}
as $append$
declare
  separator constant text := chr(30);
  streams constant text[] := string_to_array(segment_streams, separator);
  head bigint;
  left_out integer[];
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'append_batch needs isolation level read committed: it must see what the lock waited for';
  end if;
${first}  perform pg_advisory_xact_lock(hashtextextended('${schema}.events', 0));

  select coalesce(max(e.position), 0) into head from ${schema}.events e;
  select coalesce(array_agg(distinct loser.segment), '{}') into left_out from (
    select s.segment::integer as segment
    from unnest(streams, segment_expected) with ordinality s(stream, expected, segment)
    left join lateral (
      select e.version from ${schema}.events e
      where e.stream_id = s.stream order by e.version desc limit 1
    ) latest on true
    where coalesce(latest.version, 0) <> s.expected
    union all
    select i.segment
    from unnest(event_ids, event_segments) i(event_id, segment)
    join ${schema}.events e on e.event_id = i.event_id
  ) loser;

${insert}
  return query select 0, head;
  if left_out <> '{}' then
    return query
      select loser, coalesce((
        select e.version from ${schema}.events e
        where e.stream_id = streams[loser] order by e.version desc limit 1
      ), 0)
      from unnest(left_out) loser;
  end if;
end
$append$;`;

const columns = `
    position, stream_id, version, event_id, type, schema_version, data,
    correlation_id, causation_id, occurred_at, recorded_at`;

const insertByTable = (schema: string) => `  insert into ${schema}.events (${columns}
  )
  select
    head + row_number() over (order by i.place), i.stream_id, i.version, i.event_id, i.type,
    i.schema_version, i.data::json, i.correlation_id, i.causation_id,
    to_timestamp(i.occurred_ms / 1000), to_timestamp(recorded_ms / 1000)
  from unnest(
    event_segments, string_to_array(event_streams, separator), event_versions, event_ids,
    string_to_array(event_types, separator), event_schema_versions,
    string_to_array(event_data, separator), string_to_array(event_correlation_ids, separator),
    string_to_array(event_causation_ids, separator), event_occurred_ms
  ) with ordinality i(
    segment, stream_id, version, event_id, type, schema_version, data,
    correlation_id, causation_id, occurred_ms, place
  )
  where i.segment <> all (left_out);
`;

/** As the first migration made it. */
export const appendBatchFunction = (schema: string) =>
  appendBatch(schema, { create: 'create function', insert: insertByTable(schema) });

/**
 * Row by row as the arrays go: a list of them in FROM is first laid out whole, once for each column,
 * which took a third of the time of an append.
 */
const insertByRow = (schema: string) => `
  insert into ${schema}.events (${columns}
  )
  select
    i.position, i.stream_id, i.version, i.event_id, i.type,
    i.schema_version, i.data::json, i.correlation_id, i.causation_id,
    to_timestamp(i.occurred_ms / 1000), to_timestamp(recorded_ms / 1000)
  from (
    select
      unnest(array(
        select case when s.segment <> all (left_out)
          then head + count(*) filter (where s.segment <> all (left_out)) over (order by s.place) end
        from unnest(event_segments) with ordinality s(segment, place) order by s.place
      )) as position,
      unnest(string_to_array(event_streams, separator)) as stream_id,
      unnest(event_versions) as version,
      unnest(event_ids) as event_id,
      unnest(string_to_array(event_types, separator)) as type,
      unnest(event_schema_versions) as schema_version,
      unnest(string_to_array(event_data, separator)) as data,
      unnest(string_to_array(event_correlation_ids, separator)) as correlation_id,
      unnest(string_to_array(event_causation_ids, separator)) as causation_id,
      unnest(event_occurred_ms) as occurred_ms
  ) i
  where i.position is not null;
`;

export const appendByRowFunction = (schema: string) =>
  appendBatch(schema, { create: 'create or replace function', insert: insertByRow(schema) });

/**
 * The C library gives memory back to the system when twice the largest block so far is free, and a
 * large batch takes it again page by page, which was half the time of its append on a virtual
 * machine. One large block, once in a session, teaches it to keep what batches need.
 */
const keepMemory = `  if octet_length(event_data) > 16384
    and current_setting('counterfoil.keeps_memory', true) is distinct from 'yes' then
    execute 'select octet_length(repeat(''.'', 4194304))';
    perform set_config('counterfoil.keeps_memory', 'yes', false);
  end if;
`;

/** A small batch was planned anew each time, which took a quarter of its time. */
const plannedOnce = `
set plan_cache_mode = force_generic_plan`;

export const appendRememberingFunction = (schema: string) =>
  appendBatch(schema, {
    create: 'create or replace function',
    setting: plannedOnce,
    first: keepMemory,
    insert: insertByRow(schema),
  });
