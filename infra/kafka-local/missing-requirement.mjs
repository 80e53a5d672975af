// @ts-check

/** What this machine lacks to run a broker: printed as it is, without a stack. */
export class MissingRequirement extends Error {
  name = 'MissingRequirement';
}
