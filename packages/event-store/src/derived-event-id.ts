import { type CommandId, type EventId, eventId } from '@counterfoil/domain';
import { v5 } from 'uuid';

/**
 * The id of a command's event, from the command and its place among the command's events, so that
 * the same command given again gives the same ids. A command belongs to one stream.
 */
export const derivedEventId = (command: CommandId, ordinal: number): EventId =>
  eventId(v5(String(ordinal), command));
