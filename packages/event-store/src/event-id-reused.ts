/** A fault: an event id stands for other content already. Nothing was written, and a retry changes nothing. */
export class EventIdReused extends Error {
  constructor(stream: string, eventIds: readonly string[]) {
    super(`Event ids given for ${stream} are stored with other content: ${eventIds.join(', ')}`);
    this.name = 'EventIdReused';
  }
}
