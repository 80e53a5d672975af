/** Each model has a PostgreSQL schema `read_<name>` of its own. */
export const modelNames = [
  'accounts',
  'balances',
  'statement',
  'holds',
  'cards',
  'invoices',
  'orders',
  'transactions',
  'suspense',
  'reviews',
] as const;
export type ModelName = (typeof modelNames)[number];

/** Where the rows are that the API reads. */
export const servingSchema = (model: ModelName): string => `read_${model}`;
/** Where a rebuild grows until it takes the serving place. */
export const nextSchema = (model: ModelName): string => `read_${model}_next`;
/** What a rebuild replaced, until no reader holds it any more. */
export const formerSchema = (model: ModelName): string => `read_${model}_former`;
