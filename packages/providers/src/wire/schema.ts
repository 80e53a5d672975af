import { err, ok, type Result } from '@counterfoil/domain';
import type { z } from 'zod';
import type { Quarantine, QuarantineCode } from '../provider-adapter.ts';

/** Reads a body by a schema; the first fault becomes the quarantine's code and path. */
export function readBySchema<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  path = '',
): Result<z.output<Schema>, Quarantine> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  const at = [path, ...(issue?.path ?? [])].filter((part) => part !== '').join('.');
  const isMissing = valueAt(value, issue?.path ?? []) == null;
  return err({
    code: isMissing ? 'field-missing' : (ownCode(issue) ?? 'field-malformed'),
    path: at,
    message: isMissing
      ? 'A required field is missing.'
      : (issue?.message ?? 'A field is malformed.'),
  });
}

/** A field's own reason, where its schema knows one that says more than `field-malformed`. */
export const because = (code: QuarantineCode) => ({ params: { quarantine: code } });

const ownCode = (issue: z.core.$ZodIssue | undefined): QuarantineCode | undefined =>
  issue?.code === 'custom' ? (issue.params?.['quarantine'] as QuarantineCode) : undefined;

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = (current as Record<PropertyKey, unknown>)[key];
  }
  return current;
}
