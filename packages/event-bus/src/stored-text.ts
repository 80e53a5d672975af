/**
 * Text as brokers hold it: escaped as in JSON, since PostgreSQL refuses U+0000, and UTF-8 lone
 * surrogates, which a provider may send. Equal texts stay equal.
 */
export const storedText = (text: string): string => JSON.stringify(text).slice(1, -1);

export const textOfStored = (stored: string): string => JSON.parse(`"${stored}"`) as string;
