import { pageLimitDefault, pageLimitMax } from '@counterfoil/read-models';
import { z } from 'zod';
import { positionText } from './scalars.ts';

const minPosition = positionText
  .optional()
  .describe('Wait until the answer reflects this position: up to 5 s, then 504 with the lag');

/** The same answer, described as saying which position of the log it reflects. */
export const positioned = <Answer extends z.ZodType>(answer: Answer): Answer =>
  answer.meta({ headers: { 'Counterfoil-Position': positionHeader } });

const positionHeader = {
  type: 'string',
  description: 'The position of the log that the answer reflects at least',
};

/** Of every single answer that comes from read models. */
export const atPosition = z.strictObject({ minPosition });

const cursorLengthMax = 2000;

export const pageLimit = z.coerce.number().int().min(1).max(pageLimitMax).default(pageLimitDefault);
export const cursor = z
  .string()
  .max(cursorLengthMax)
  .optional()
  .describe('`nextCursor` of the page before');

/** Of every list; a list adds its filters. */
export const pageQuery = z.strictObject({ limit: pageLimit, cursor, minPosition });

export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({
    data: z.array(item),
    nextCursor: z.string().nullable().describe('Null on the last page'),
  });
