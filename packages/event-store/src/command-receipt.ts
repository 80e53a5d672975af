import type { Checkpoint, Event, StreamVersion } from '@counterfoil/domain';

/** A command that was carried out. `events` are its own; none when it had nothing left to do. */
export type CommandReceipt<E extends Event = Event> = Readonly<{
  /** The stream's version after the command's last event; without events, when it was decided. */
  version: StreamVersion;
  /**
   * Reading the log up to here includes the command's events; null when it appended none. Several
   * commands of one append share it.
   */
  position: Checkpoint | null;
  events: readonly E[];
}>;
