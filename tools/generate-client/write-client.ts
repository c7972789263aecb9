import { openApiDocument } from '../../apps/receipt-api/src/v1/openapi/document';

interface Schema {
  type?: string | string[];
  description?: string;
  enum?: (string | number | null)[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  oneOf?: Schema[];
  $ref?: string;
}

interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  description?: string;
  schema: Schema;
}

interface Operation {
  operationId: string;
  summary: string;
  parameters?: Parameter[];
  requestBody?: { required: boolean; content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
  security: object[];
}

interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

const header = `/* Generated from the OpenAPI document by tools/generate-client. Do not edit: run it again. */
`;

const nameIn = (ref: string): string => ref.split('/').at(-1) ?? 'unknown';

const literal = (value: string | number | null): string =>
  typeof value === 'string' ? `'${value}'` : String(value);

/** A schema as a TypeScript type. */
function typeOf(schema: Schema, prefix = ''): string {
  if (schema.$ref !== undefined) return prefix + nameIn(schema.$ref);
  if (schema.oneOf) return schema.oneOf.map((one) => typeOf(one, prefix)).join(' | ');
  if (schema.enum) return schema.enum.map(literal).join(' | ');
  const types = [schema.type ?? 'unknown'].flat();
  return types
    .map((type) => {
      if (type === 'array') {
        const inner = typeOf(schema.items ?? {}, prefix);
        return inner.includes(' | ') ? `(${inner})[]` : `${inner}[]`;
      }
      if (type === 'integer') return 'number';
      return type === 'object' ? 'Record<string, unknown>' : type;
    })
    .join(' | ');
}

const comment = (text: string | undefined, indent: string): string =>
  text === undefined ? '' : `${indent}/** ${text.replaceAll('*/', '* /').replaceAll('\n', ' ')} */\n`;

function writeInterface(name: string, schema: Schema): string {
  const required = new Set(schema.required);
  const fields = Object.entries(schema.properties ?? {}).map(
    ([key, one]) =>
      `${comment(one.description, '  ')}  ${key}${required.has(key) ? '' : '?'}: ${typeOf(one)};`,
  );
  return `export interface ${name} {\n${fields.join('\n')}\n}`;
}

/** Types of everything that is sent and answered. */
function writeTypes({ components }: Document): string {
  const all = Object.entries(components.schemas).map(([name, schema]) => writeInterface(name, schema));
  return `${header}/* eslint-disable max-lines */\n\n${all.join('\n\n')}\n`;
}

const camel = (name: string): string =>
  name.toLowerCase().replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

/** The method of an operation and, where the answer is a file as well, a second one for the file. */
function writeMethods(path: string, method: string, operation: Operation): string[] {
  const files = Object.entries(operation.responses)
    .filter(([status]) => status.startsWith('2'))
    .flatMap(([, { content }]) => Object.keys(content ?? {}).slice(1));
  if (files.length === 0) return [writeMethod(path, method, operation, false)];
  const usual = (operation.parameters ?? []).filter(({ name }) => name !== 'format');
  return [
    writeMethod(path, method, { ...operation, parameters: usual }, false),
    writeMethod(path, method, { ...operation, operationId: `${operation.operationId}File` }, true),
  ];
}

function writeMethod(path: string, method: string, operation: Operation, isFile: boolean): string {
  const parameters = (operation.parameters ?? []).map((one) =>
    isFile && one.name === 'format' ? { ...one, required: true } : one,
  );
  const sent = operation.requestBody;
  const bodySchema = sent?.content['application/json']?.schema;
  const fields = [
    ...parameters.map(
      ({ name, required, schema, description }) =>
        `${comment(description, '      ')}      ${camel(name)}${required ? '' : '?'}: ${typeOf(schema, 'T.')};`,
    ),
    ...(sent && bodySchema ? [`      body${sent.required ? '' : '?'}: ${typeOf(bodySchema, 'T.')};`] : []),
    '      signal?: AbortSignal;',
  ];
  const isOptional = !parameters.some(({ required }) => required) && !sent?.required;
  const success = Object.entries(operation.responses).find(([status]) => status.startsWith('2'));
  const [type, content] = Object.entries(success?.[1].content ?? {})[0] ?? [];
  const isStream = type === 'text/event-stream';
  const streamed =
    operation.operationId === 'followReceipt' ? "Omit<T.Receipt, 'origin' | 'derived'>" : 'T.Event';
  const answer = isStream
    ? `AsyncGenerator<StreamEvent<${streamed}>>`
    : `Promise<${isFile ? 'Blob' : content ? (type === 'text/html' ? 'string' : typeOf(content.schema, 'T.')) : 'void'}>`;
  const of = (place: Parameter['in']) => parameters.filter((one) => one.in === place);
  const pathText = path.replace(
    /\{(\w+)\}/g,
    (_, name: string) => `\${encodeURIComponent(input.${camel(name)})}`,
  );
  const entries = (list: Parameter[]) => list.map(({ name }) => `'${name}': input.${camel(name)}`).join(', ');
  const request = [
    `method: '${method.toUpperCase()}'`,
    `path: \`${pathText}\``,
    ...(of('query').length > 0 ? [`query: { ${entries(of('query'))} }`] : []),
    ...(of('header').length > 0 ? [`headers: { ${entries(of('header'))} }`] : []),
    ...(sent ? ['body: input.body'] : []),
    ...(isStream || method === 'post'
      ? [
          `isRepeatable: ${String(parameters.some(({ name }) => name === 'Idempotency-Key') || /:(validate|preview|plan)$/.test(path))}`,
        ]
      : ['isRepeatable: true']),
    'signal: input.signal',
  ];
  const call = isStream ? 'stream' : isFile ? 'blob' : type === 'text/html' ? 'text' : 'json';
  return `${comment(operation.summary, '  ')}  ${operation.operationId}(
    input: {
${fields.join('\n')}
    }${isOptional ? ' = {}' : ''},
  ): ${answer} {
    return this.transport.${call}({ ${request.join(', ')} });
  }`;
}

function writeApi({ paths }: Document): string {
  const methods = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, operation]) => writeMethods(path, method, operation)),
  );
  return `${header}/* eslint-disable max-lines */

import type * as T from './types';
import type { StreamEvent, Transport } from './transport';

/** Every operation of the API as a method. */
export class Operations {
  constructor(protected readonly transport: Transport) {}

${methods.join('\n\n')}
}
`;
}

/** The generated files of the client: name and text, not yet formatted. */
export function writeClient(): Record<'types.ts' | 'operations.ts', string> {
  const document = openApiDocument() as unknown as Document;
  return { 'types.ts': writeTypes(document), 'operations.ts': writeApi(document) };
}
