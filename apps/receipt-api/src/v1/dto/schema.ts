/** JSON Schema 2020-12, as far as these doors need it. */
export interface Schema {
  type?: string | string[];
  format?: string;
  description?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  enum?: readonly (string | number | null)[];
  const?: string;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  oneOf?: Schema[];
  $ref?: string;
  examples?: readonly unknown[];
  'x-ffd-tag'?: number;
  'x-ru'?: string;
}
