const limitDefault = 100;
/** A page that a person or a command can take in. */
const limitMax = 1_000;

/** How many dead letters one answer holds at most, whatever is asked for. */
export const deadLetterPage = (limit: number | undefined): number =>
  Math.min(limit ?? limitDefault, limitMax);
