import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants';
import { receiptFields } from '@kkt/domain';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import openApiSchema from '../../../test/openapi-3.1.schema.json';
import { PaymentsController } from '../../payments/payments.controller';
import { checkDto } from '../dto/check-dto';
import { ReceiptBody } from '../dto/receipt-body';
import { type DtoClass, propertiesOf, type Schema } from '../dto/rules';
import { OwnApiModule } from '../own-api.module';
import type { OwnApi } from '../own-api';
import { docsPage } from './docs-page';
import { openApiDocument } from './document';
import { operations } from './operations';

const document = openApiDocument();
const schemas = (document['components'] as { schemas: Record<string, Schema> }).schemas;

function* everything(value: unknown): Generator<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield value as Record<string, unknown>;
  for (const one of Object.values(value)) yield* everything(one);
}

/** Paths of a class as the field table writes them. */
function* pathsOf(dto: DtoClass, at = ''): Generator<string> {
  for (const [name, { of, isList, schema }] of propertiesOf(dto)) {
    const path = `${at}${name}`;
    yield path;
    if (isList || schema.items) yield `${path}[]`;
    if (of) yield* pathsOf(of(), `${path}${isList ? '[]' : ''}.`);
  }
}

describe('the OpenAPI document', () => {
  it('is valid by the schema of OpenAPI 3.1', () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
    // The parts that are schemas are judged by the next test: Ajv takes the dynamic reference for the whole document.
    const rules = JSON.stringify(openApiSchema).replaceAll(
      '"$dynamicRef":"#meta"',
      '"$ref":"#/$defs/schema"',
    );
    const isValid = ajv.compile(JSON.parse(rules) as object);
    expect(isValid(document) ? [] : isValid.errors).toEqual([]);
  });

  it('holds schemas that are schemas, and references that lead somewhere', () => {
    const ajv = new Ajv2020({ strict: false });
    for (const schema of Object.values(schemas)) expect(ajv.validateSchema(schema)).toBe(true);
    const references = [...everything(document)].flatMap(({ $ref }) =>
      typeof $ref === 'string' ? [$ref] : [],
    );
    expect(references.length).toBeGreaterThan(50);
    for (const reference of references) expect(schemas[reference.split('/').at(-1) ?? '']).toBeDefined();
  });

  it('names every route that exists, and no other', () => {
    const controllers = [...(OwnApiModule.forRoot({} as OwnApi).controllers as Type[]), PaymentsController];
    const routes = controllers.flatMap((controller) => {
      const base = Reflect.getMetadata(PATH_METADATA, controller) as string;
      const methods = Object.getOwnPropertyNames(controller.prototype).filter(
        (name) => name !== 'constructor',
      );
      return methods.flatMap((name) => {
        const handler = (controller.prototype as Record<string, object>)[name];
        const path = handler && (Reflect.getMetadata(PATH_METADATA, handler) as string | undefined);
        if (!handler || path === undefined) return [];
        const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod];
        const full = `/${base}/${path}`
          .replace(/\/+$/, '')
          .replaceAll('::', '\u0001')
          .replace(/:(\w+)/g, '{$1}');
        return [`${String(method)} ${full.replaceAll('\u0001', ':')}`];
      });
    });
    const named = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect(routes.sort()).toEqual(named.sort());
  });

  it('has ids that are unique, examples that pass, and tells the right of every guarded operation', () => {
    expect(new Set(operations.map(({ id }) => id)).size).toBe(operations.length);
    const ajv = new Ajv2020({ strict: false });
    addFormats(ajv);
    ajv.addSchema({ $id: 'api', components: { schemas } });
    for (const { body, scope, tag } of operations) {
      if (tag !== 'Documentation') expect(scope).toBeDefined();
      if (!body?.example) continue;
      expect(checkDto(body.of, body.example)).toMatchObject({ ok: true });
    }
    const isReceipt = ajv.compile({ $ref: 'api#/components/schemas/ReceiptInput' });
    expect(isReceipt(operations[0]?.body?.example)).toBe(true);
    expect(isReceipt({ ...operations[0]?.body?.example, total: 1279.5 })).toBe(false);
  });

  it('has every field of the domain’s table under its own name', () => {
    const paths = new Set(pathsOf(ReceiptBody));
    const missing = [...new Set(receiptFields.map(({ path }) => path))].filter((path) => !paths.has(path));
    expect(missing).toEqual([]);
    const table = new Set(receiptFields.map(({ path }) => path));
    const added = [...paths].filter((path) => !table.has(path));
    expect(added.sort()).toEqual(['callback_url', 'group', 'ism_optional', 'operation']);
  });

  it('becomes a page that needs nothing from outside and escapes what it shows', () => {
    const page = docsPage(document);
    expect(page).not.toMatch(/<script|<link|https?:\/\/(?!json-schema|shop\.example)/);
    for (const { id, path } of operations) {
      expect(page).toContain(`id="${id}"`);
      expect(page).toContain(path);
    }
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id ?? '');
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of page.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target);
  });
});
