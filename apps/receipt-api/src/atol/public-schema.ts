import { bodySchema, type JsonSchema } from '@kkt/domain';
import type { ProtocolVersion } from './operations';

/** Names below `/schema/`: one schema for receipts, one for corrections. */
export const schemaNames = ['sell', 'correction'] as const;

export type SchemaName = (typeof schemaNames)[number];

/** Our keyword `decimals` in the words of JSON Schema. */
function standard(node: JsonSchema): object {
  const { decimals, properties, items, ...rest } = node;
  return {
    ...rest,
    ...(decimals !== undefined && { multipleOf: Number(`1e-${decimals}`) }),
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, child]) => [name, standard(child)]),
      ),
    }),
    ...(items && { items: standard(items) }),
  };
}

/** The schema that bodies are checked by, as JSON Schema draft 7 for shops' programmers. */
export const publicSchema = (name: SchemaName, version: ProtocolVersion): object => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: `${name}, v${version}`,
  ...standard(bodySchema(`${name === 'sell' ? 'r' : 'c'}${version}`)),
});
