/** The head of the OpenAPI document. */
export const apiDescription = {
  title: 'Counterfoil',
  version: '0.1.0',
  description:
    'An event-sourced ledger for platforms that move money through several payment providers. ' +
    'Amounts are decimal strings, instants RFC 3339 in UTC, errors RFC 9457 problem details with a ' +
    'code that docs/ERRORS.md explains. Answers from read models carry Counterfoil-Position; pass it ' +
    'as minPosition to read what you wrote.',
} as const;
