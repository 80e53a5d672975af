import { z } from 'zod';
import { archivedBody } from './inbound-webhook.ts';
import { instantSchema } from './scalars.ts';

export const reviewStatus = z.enum(['open', 'resolved']);
const rulings = z.enum(['first-stands', 'second-stands', 'separate', 'failure-confirmed']);

export const reviewSchema = z.object({
  reviewId: z.string(),
  status: reviewStatus,
  reason: z.string().describe('Listed in docs/ERRORS.md'),
  subject: z.string(),
  stream: z.string(),
  accountId: z.string().nullable(),
  deliveryIds: z.array(z.string()),
  deliveries: z
    .array(
      z.object({
        id: z.string(),
        provider: z.string(),
        dialect: z.string(),
        receivedAt: instantSchema,
        bodySha256: z.string(),
        ...archivedBody,
      }),
    )
    .describe('The archived bodies side by side'),
  openedAt: instantSchema,
  resolvedAt: instantSchema.nullable(),
  ruling: rulings.nullable(),
  note: z.string().nullable(),
  actor: z.string().nullable(),
});

const noteLengthMax = 2000;

export const resolveRequest = z.strictObject({
  ruling: rulings.describe(
    'first-stands: nothing changes; second-stands: the later body replaces the first; separate: both are facts; failure-confirmed: what was sent did not leave',
  ),
  note: z.string().max(noteLengthMax).default(''),
});
