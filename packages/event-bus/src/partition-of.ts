/**
 * Keys are spread over this many partitions, the unit in which members of a group share the work.
 * More than any sensible number of processes; changing it needs a migration.
 */
export const partitionCount = 16;

const offsetBasis = 0x811c9dc5;
const prime = 0x01000193;

/** FNV-1a over the key's UTF-16 units: the same in every process and for ever. */
export function partitionOf(key: string, partitions: number = partitionCount): number {
  let hash = offsetBasis;
  for (let index = 0; index < key.length; index++)
    hash = Math.imul(hash ^ key.charCodeAt(index), prime);
  return ((hash ^ (hash >>> 15)) >>> 0) % partitions;
}
