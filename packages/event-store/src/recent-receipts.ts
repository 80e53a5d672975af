import type { CommandId, Event, Recorded } from '@counterfoil/domain';
import type { CommandReceipt } from './command-receipt.ts';

/**
 * Remembers the commands whose events are durable, the latest `lengthMax` of them. A command that
 * comes again soon, typically after an answer was lost, gets its receipt again whatever its decider
 * would say to it now. For older commands the decider and the store's event ids are the guard.
 */
export interface RecentReceipts<E extends Event> {
  readonly find: (stream: string, command: CommandId) => CommandReceipt<E> | undefined;
  readonly remember: (stream: string, command: CommandId, receipt: CommandReceipt<E>) => void;
}

export function recentReceipts<E extends Event>(lengthMax: number): RecentReceipts<E> {
  const receipts = new Map<string, CommandReceipt<E>>();
  return {
    find: (stream, command) => receipts.get(`${command} ${stream}`),
    remember: (stream, command, receipt) => {
      const key = `${command} ${stream}`;
      receipts.delete(key);
      receipts.set(key, receipt);
      if (receipts.size <= lengthMax) return;
      for (const oldest of receipts.keys()) {
        receipts.delete(oldest);
        return;
      }
    },
  };
}

/** The receipts of the commands that led to these events of one stream, which are in order. */
export function receiptsOf<E extends Event>(
  recorded: readonly Recorded<E>[],
): ReadonlyMap<CommandId, CommandReceipt<E>> {
  const receipts = new Map<CommandId, CommandReceipt<E>>();
  for (const { causationId, event, version, position } of recorded) {
    // Events that the command handler appends are caused by commands.
    const command = causationId as CommandId;
    const events = [...(receipts.get(command)?.events ?? []), event];
    receipts.set(command, { version, position, events });
  }
  return receipts;
}
