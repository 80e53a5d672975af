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
    transformObject: (document) => withProblems(jsonSchemaTransformObject(document)),
  });
  await server.register(swaggerUi, { routePrefix: '/docs', staticCSP: true });
  server.get('/openapi.json', { schema: { hide: true } }, () => server.swagger());
}

/** Every operation may answer with a problem: said once here instead of in every route. */
function withProblems<Document extends object>(document: Document): Document {
  const paths = 'paths' in document ? valuesOf(document.paths) : [];
  for (const operation of paths.flatMap(valuesOf))
    if (typeof operation === 'object' && operation !== null && 'responses' in operation)
      Object.assign(Object(operation.responses), { default: problemAnswer });
  return document;
}

const { $schema: _dialect, ...problemJsonSchema } = z.toJSONSchema(problemSchema);
const problemAnswer = {
  description: 'A problem (RFC 9457)',
  content: { [problemContentType]: { schema: problemJsonSchema } },
};

const valuesOf = (value: unknown): readonly unknown[] =>
  typeof value === 'object' && value !== null ? Object.values(value) : [];
