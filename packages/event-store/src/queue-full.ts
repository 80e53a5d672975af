/** A fault: too much is waiting already. Nothing was done; the caller may try again later. */
export class QueueFull extends Error {
  constructor(queue: string, lengthMax: number) {
    super(`${queue} has ${lengthMax} waiting and takes no more`);
    this.name = 'QueueFull';
  }
}
