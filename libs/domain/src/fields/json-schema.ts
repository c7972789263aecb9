import { envelopeFields } from './envelope';
import type { Field, Place } from './field';
import { fieldsOf, receiptFields } from './index';

/** JSON Schema (draft 7) with one keyword of ours: `decimals`, the most digits after the point. */
export interface JsonSchema {
  type?: string | string[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  enum?: (string | number | null)[];
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  decimals?: number;
  description?: string;
}

/** Keys of a schema that are copied from a row as they are. */
const copied = ['maxLength', 'minimum', 'maximum', 'minItems', 'maxItems', 'decimals'] as const;

/**
 * What a row demands of its value. A field that may be absent may also be null, and a text may be empty: typed
 * clients write all their fields.
 */
function nodeOf(row: Field, place: Place): JsonSchema {
  const isRequired = row.required?.includes(place) ?? row.path.endsWith('[]');
  const takesNull = !isRequired || row.nullable === true;
  const takesEmpty = !isRequired && row.type === 'string';
  const node: JsonSchema = { description: row.ru };
  for (const key of copied) if (row[key] !== undefined) node[key] = row[key];
  if (row.values) {
    node.enum = [...row.values, ...(takesNull ? [null] : []), ...(takesEmpty ? [''] : [])];
    return node;
  }
  const type = row.path === 'external_id' ? ['string', 'integer'] : [row.type];
  node.type = takesNull ? [...type, 'null'] : type;
  if (row.minLength !== undefined && !takesEmpty) node.minLength = row.minLength;
  if (row.pattern !== undefined) node.pattern = takesEmpty ? `^$|${row.pattern}` : row.pattern;
  if (row.type === 'object') node.properties = {};
  return node;
}

/** The schema that holds the children of `path`, made by the rows before. */
function holderOf(root: JsonSchema, path: string): JsonSchema | undefined {
  let node: JsonSchema | undefined = root;
  for (const step of path.split('.')) {
    if (step === '') continue;
    const name = step.replace(/\[\]$/, '');
    node = node?.properties?.[name];
    if (step.endsWith('[]')) node = node?.items;
  }
  return node;
}

function place(root: JsonSchema, row: Field, where: Place): void {
  const dot = row.path.lastIndexOf('.');
  const parent = dot < 0 ? root : holderOf(root, row.path.slice(0, dot));
  const last = row.path.slice(dot + 1);
  if (!parent?.properties) throw new RangeError(`Field ${row.path} stands before its parent`);
  if (last.endsWith('[]')) {
    const list = parent.properties[last.slice(0, -2)];
    if (!list) throw new RangeError(`Field ${row.path} stands before its list`);
    list.items = nodeOf(row, where);
    return;
  }
  parent.properties[last] = nodeOf(row, where);
  if (row.required?.includes(where)) (parent.required ??= []).push(last);
}

/** The schema of a whole request body of one kind: envelope, then the fields of `receipt` or `correction`. */
export function bodySchema(where: Place): JsonSchema {
  const root: JsonSchema = { type: 'object', properties: {} };
  for (const row of fieldsOf(envelopeFields, where)) place(root, row, where);
  const name = where.startsWith('r') ? 'receipt' : 'correction';
  const document: JsonSchema = { type: 'object', properties: {} };
  for (const row of fieldsOf(receiptFields, where)) place(document, row, where);
  root.properties = { ...root.properties, [name]: document };
  root.required = [...(root.required ?? []), name];
  return root;
}
