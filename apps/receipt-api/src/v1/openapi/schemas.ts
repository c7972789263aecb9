import { type DtoClass, propertiesOf, type Schema } from '../dto/rules';

/** A class in a request is closed and may leave optional fields out; in an answer it is open and writes null. */
export type Role = 'request' | 'answer';

/** Name of a class among the components. */
export const schemaName = (dto: DtoClass): string =>
  dto.name
    .replace(/View$/, '')
    .replace(/(?:OfBody|Body)$/, (end) => (end === 'OfBody' ? 'OfReceiptInput' : 'Input'));

const nullable = (schema: Schema): Schema => {
  if (schema.$ref !== undefined) return { oneOf: [{ $ref: schema.$ref }, { type: 'null' }] };
  const types = schema.type === undefined ? [] : [schema.type].flat();
  return {
    ...schema,
    type: [...types, 'null'],
    ...(schema.enum && { enum: [...schema.enum, null] }),
  };
};

/** Gathers the schemas of classes and of everything inside them. */
export class SchemaBook {
  readonly schemas: Record<string, Schema> = {};
  private readonly classes = new Map<string, DtoClass>();

  ref(dto: DtoClass, role: Role): Schema {
    const name = schemaName(dto);
    const known = this.classes.get(name);
    if (known && known !== dto) throw new RangeError(`Two classes are called ${name}`);
    if (!known) {
      this.classes.set(name, dto);
      this.schemas[name] = this.write(dto, role);
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  private write(dto: DtoClass, role: Role): Schema {
    const properties: Record<string, Schema> = {};
    const required: string[] = [];
    for (const [name, property] of propertiesOf(dto)) {
      const inner = property.of && this.ref(property.of(), role);
      const { description, ...rest } = property.schema;
      let schema: Schema = property.schema;
      if (inner && property.isList) schema = { ...property.schema, items: inner };
      else if (inner) schema = { ...rest, ...inner, ...(description !== undefined && { description }) };
      const isNullable = role === 'answer' && property.optional;
      properties[name] = isNullable ? withNull(schema) : schema;
      if (role === 'answer' ? !property.absent : !property.optional) required.push(name);
    }
    return {
      type: 'object',
      properties,
      ...(required.length > 0 && { required }),
      ...(role === 'request' && { additionalProperties: false }),
    };
  }
}

function withNull(schema: Schema): Schema {
  if (schema.$ref === undefined) return nullable(schema);
  const { $ref, ...rest } = schema;
  return { ...rest, ...nullable({ $ref }) };
}
