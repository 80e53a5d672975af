import type { FastifyTypeProvider } from 'fastify';
import type { output, ZodType } from 'zod';

/** What a handler may answer where a schema describes it: our data are readonly, zod's are not. */
type DeepReadonly<Value> = Value extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : Value extends object
    ? { readonly [Key in keyof Value]: DeepReadonly<Value[Key]> }
    : Value;

/** Requests arrive as their zod schemas say, and answers are checked against theirs. */
export interface ZodTypeProvider extends FastifyTypeProvider {
  validator: this['schema'] extends ZodType ? output<this['schema']> : unknown;
  serializer: this['schema'] extends ZodType ? DeepReadonly<output<this['schema']>> : unknown;
}
