import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { HttpServer } from './http-server.ts';
import { problemContentType } from './problem.ts';

export type ApiDescription = Readonly<{ title: string; version: string; description: string }>;

const problemSchema = z
  .object({
    type: z.string().describe('urn:counterfoil:problem:<code>'),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string().describe('Listed in docs/ERRORS.md'),
    requestId: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    lag: z
      .object({ position: z.string(), minPosition: z.string(), events: z.string() })
      .optional()
      .describe('Of `position-not-reached`'),
    checks: z
      .array(z.object({ name: z.string(), ok: z.boolean() }))
      .optional()
      .describe('Of `not-ready`'),
  })
  .meta({ title: 'Problem', description: 'RFC 9457 problem details' });

/** OpenAPI 3.1 of every route at `/openapi.json`, readable at `/docs`. Register before the routes. */
export async function registerOpenApi(server: HttpServer, info: ApiDescription): Promise<void> {
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info,
      components: {
        securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', description: 'An API key' } },
      },
      security: [{ apiKey: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: (document) => {
      const described = withProblems(jsonSchemaTransformObject(document));
      operationsOf(described).forEach(sayWhetherBodyIsNeeded);
      return described;
    },
  });
  await server.register(swaggerUi, { routePrefix: '/docs', staticCSP: true });
  server.get('/openapi.json', { schema: { hide: true } }, () => server.swagger());
}

/** Every operation may answer with a problem: said once here instead of in every route. */
function withProblems<Document extends object>(document: Document): Document {
  for (const operation of operationsOf(document))
    if ('responses' in operation)
      Object.assign(Object(operation.responses), { default: problemAnswer });
  return document;
}

const operationsOf = (document: object): readonly object[] =>
  ('paths' in document ? valuesOf(document.paths) : [])
    .flatMap(valuesOf)
    .filter((operation) => typeof operation === 'object' && operation !== null);

const mayBeAbsent = z.object({
  content: z.object({
    'application/json': z.object({ schema: z.object({ anyOf: z.array(z.unknown()) }) }),
  }),
});
const nothing = z.object({ type: z.literal('null') });

/** Swagger takes every described body for required; a body that may be null may be left out. */
function sayWhetherBodyIsNeeded(operation: object): void {
  if (!('requestBody' in operation)) return;
  const body = mayBeAbsent.safeParse(operation.requestBody);
  if (!body.success) return;
  const { anyOf } = body.data.content['application/json'].schema;
  if (anyOf.some((form) => nothing.safeParse(form).success))
    Object.assign(Object(operation.requestBody), { required: false });
}

const { $schema: _dialect, ...problemJsonSchema } = z.toJSONSchema(problemSchema);
const problemAnswer = {
  description: 'A problem (RFC 9457)',
  content: { [problemContentType]: { schema: problemJsonSchema } },
};

const valuesOf = (value: unknown): readonly unknown[] =>
  typeof value === 'object' && value !== null ? Object.values(value) : [];
