import { z } from 'zod';
import { instantSchema, positionText } from './scalars.ts';

export const eventSchema = z.object({
  position: positionText,
  stream: z.string(),
  version: z.number().int().describe('1 for the first event of its stream'),
  eventId: z.string(),
  type: z.string(),
  data: z.record(z.string(), z.unknown()),
  occurredAt: instantSchema,
  recordedAt: instantSchema,
  correlationId: z.string(),
  causationId: z.string(),
});
