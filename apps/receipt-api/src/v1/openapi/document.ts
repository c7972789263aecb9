import { ProblemView } from '../dto/views';
import { type DtoClass, propertiesOf, type Schema } from '../dto/rules';
import { type ProblemKind, problemKinds } from '../http/problem';
import type { Operation } from './operation';
import { operations } from './operations';
import { SchemaBook } from './schemas';

export const apiVersion = '1.0.0';

interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  description?: string;
  schema: Schema;
}

const guarded: readonly ProblemKind[] = [
  'key-required',
  'key-invalid',
  'scope-missing',
  'address-not-allowed',
  'too-many-requests',
  'busy',
];

const pathParameters = (path: string): Parameter[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: path.startsWith('/v1/receipts') ? { type: 'string', format: 'uuid' } : { type: 'string' },
  }));

const queryParameters = (dto: DtoClass | undefined): Parameter[] =>
  dto
    ? [...propertiesOf(dto)].map(([name, { optional, schema }]) => {
        const { description, ...rest } = schema;
        return {
          name,
          in: 'query',
          required: !optional,
          ...(description !== undefined && { description }),
          schema: rest,
        };
      })
    : [];

const idempotencyKey: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  description:
    'Your id of the document, 1 to 128 printable ASCII characters: the `external_id` of the receipt, unique in its group. A repeat with the same body gets the same answer, another body gets 409.',
  schema: {
    type: 'string',
    minLength: 1,
    maxLength: 128,
    pattern: '^[\\x21-\\x7e]+$',
    examples: ['order-1001'],
  },
};

const lastEventId: Parameter = {
  name: 'Last-Event-ID',
  in: 'header',
  required: false,
  description: 'Id of the last event that was read',
  schema: { type: 'string' },
};

function answersOf(operation: Operation, book: SchemaBook): Record<string, object> {
  const { answer } = operation;
  const answers: Record<string, object> = {};
  const schema = answer.of ? book.ref(answer.of, 'answer') : undefined;
  if (answer.stream) book.ref(answer.stream, 'answer');
  const type = answer.type ?? 'application/json';
  answers[answer.status] = {
    description: answer.status === 202 ? 'Accepted' : answer.status === 204 ? 'Done' : 'The answer',
    ...(operation.idempotent && {
      headers: {
        Location: { description: 'The receipt', schema: { type: 'string' } },
        'Idempotent-Replayed': {
          description: '`true` when it was accepted before',
          schema: { type: 'string' },
        },
      },
    }),
    ...(answer.status !== 204 && {
      content: {
        [type]: { schema: schema ?? { type: type === 'application/json' ? 'object' : 'string' } },
        // A file of bytes has no schema (OpenAPI 3.1, 4.8.14.1).
        ...Object.fromEntries((answer.files ?? []).map((file) => [file, {}])),
      },
    }),
  };
  const kinds: ProblemKind[] = [
    ...(operation.scope ? guarded : []),
    ...(operation.body ? (['bad-request', 'body-too-large', 'media-type'] as const) : []),
    ...(operation.idempotent ? (['idempotency-key-required'] as const) : []),
    ...operation.problems,
  ];
  const problem = book.ref(ProblemView, 'answer');
  for (const kind of kinds) {
    const [status, , title] = problemKinds[kind];
    const earlier = answers[status] as { description: string } | undefined;
    answers[status] = {
      description: earlier ? `${earlier.description}; \`${kind}\`: ${title}` : `\`${kind}\`: ${title}`,
      ...((status === 429 || status === 503) && {
        headers: { 'Retry-After': { description: 'Seconds to wait', schema: { type: 'integer' } } },
      }),
      content: { 'application/problem+json': { schema: problem } },
    };
  }
  return answers;
}

function operationObject(operation: Operation, book: SchemaBook): object {
  const { body } = operation;
  const parameters = [
    ...pathParameters(operation.path),
    ...queryParameters(operation.query),
    ...(operation.idempotent ? [idempotencyKey] : []),
    ...(operation.id === 'streamEvents' ? [lastEventId] : []),
  ];
  return {
    operationId: operation.id,
    tags: [operation.tag],
    summary: operation.summary,
    ...(operation.description && { description: operation.description }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: {
        required: body.optional !== true,
        content: {
          'application/json': {
            schema: book.ref(body.of, 'request'),
            ...(body.example && { example: body.example }),
          },
        },
      },
    }),
    responses: answersOf(operation, book),
    security: operation.scope ? [{ key: [] }] : [],
    ...(operation.scope && { 'x-scope': operation.scope }),
  };
}

const about = `Register receipts by 54-FZ, ask what became of them, take them back.

Send the key as \`Authorization: Bearer fk_live_…\`. Money and quantities are texts (\`"1234.50"\`, \`"1.5"\`), so no binary
fraction ever touches a kopeck. Every refusal is \`application/problem+json\` (RFC 9457) with a JSON pointer, the FFD tag,
the rule and, where it is known, the right value.`;

/** The own API as an OpenAPI 3.1 document, made of the same classes that check requests. */
export function openApiDocument(): Record<string, unknown> {
  const book = new SchemaBook();
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of operations)
    (paths[operation.path] ??= {})[operation.method] = operationObject(operation, book);
  return {
    openapi: '3.1.0',
    info: { title: 'KKT Farm receipt API', version: apiVersion, description: about },
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    servers: [{ url: '/' }],
    tags: [...new Set(operations.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: book.schemas,
      securitySchemes: {
        key: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'fk_live_<id>_<secret>',
          description: 'API key',
        },
      },
    },
  };
}
