import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import type { Response } from 'supertest';
import { openApiDocument } from '../src/v1/openapi/document';
import type { Operation } from '../src/v1/openapi/operation';
import { operations } from '../src/v1/openapi/operations';

type Answers = Record<string, { content?: Record<string, { schema?: object }> }>;

/** The document with every answer closed: a field that it does not name is a mistake here. */
function closedDocument(): {
  paths: Record<string, Record<string, { responses: Answers }>>;
  components: object;
} {
  return JSON.parse(JSON.stringify(openApiDocument()), (_, value: unknown) =>
    typeof value === 'object' && value !== null && 'properties' in value && !('additionalProperties' in value)
      ? { ...value, additionalProperties: false }
      : value,
  ) as ReturnType<typeof closedDocument>;
}

const document = closedDocument();
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema({ $id: 'api', components: document.components });
const compiled = new Map<string, ValidateFunction>();

const form = ({ path }: Operation): RegExp =>
  new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/:]+')}$`);

/** Operations that answered in this run, by id. */
export const answered = new Set<string>();

/** Throws unless the answer is what the OpenAPI document says of its operation and status. */
export function checkAnswer(method: Operation['method'], url: string, answer: Response): void {
  const path = url.split('?', 1)[0] ?? '';
  const operation = operations.find((one) => one.method === method && form(one).test(path));
  if (!operation) return;
  answered.add(operation.id);
  const told = document.paths[operation.path]?.[method]?.responses[answer.status];
  if (!told)
    throw new Error(`${operation.id} answered ${answer.status}, which its description does not know`);
  const types = Object.keys(told.content ?? {});
  if (types.length === 0) return;
  const type = String(answer.headers['content-type']).split(';', 1)[0] ?? '';
  const content = told.content?.[type];
  if (!content) throw new Error(`${operation.id} answered ${type}, not ${types.join(' or ')}`);
  if (!type.endsWith('json')) return;
  const key = `${operation.id} ${answer.status}`;
  const isRight =
    compiled.get(key) ??
    ajv.compile(JSON.parse(JSON.stringify(content.schema).replaceAll('"#/', '"api#/')) as object);
  compiled.set(key, isRight);
  if (!isRight(answer.body)) {
    const faults = (isRight.errors ?? []).map((fault) => `${fault.instancePath} ${fault.message ?? ''}`);
    throw new Error(`${key}: ${faults.join('; ')}: ${JSON.stringify(answer.body).slice(0, 600)}`);
  }
}
