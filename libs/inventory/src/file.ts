import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { FarmError } from '@kkt/contracts';
import { usualPlant } from '@kkt/topology';

const code = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/, 'must be letters, digits and ._-, at most 32');
/** YAML reads 1 as a number; a rack's name is a text. */
const looseCode = z.union([code, z.number().int().min(0)]).transform(String);
const uplink = z.strictObject({ switch: code, port: z.number().int().min(1).max(512) });
const transport = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('tcp'),
    host: z.string().min(1),
    port: z.number().int().min(1).max(65_535),
  }),
  z.strictObject({
    kind: z.literal('serial'),
    path: z.string().min(1),
    baudRate: z.number().int().optional(),
  }),
  z.strictObject({ kind: z.literal('json'), url: z.url() }),
]);

const moduleSchema = z.strictObject({
  slot: z.number().int(),
  serial: z.string().regex(/^[0-9]{8,20}$/, 'must be 8 to 20 digits, in quotes'),
  model: z.string().min(1),
  fn: z
    .string()
    .regex(/^[0-9]{16}$/, 'must be 16 digits, in quotes')
    .optional(),
  driver: z.string().min(1),
  transport,
});

const assemblySchema = z.strictObject({
  number: z.number().int(),
  type: z.string().optional(),
  uplinks: z.strictObject({ a: uplink.optional(), b: uplink.optional() }).default({}),
  feeds: z.strictObject({ a: code.optional(), b: code.optional() }).default({}),
  modules: z.array(moduleSchema).default([]),
});

/** One data centre as a file. Limits of racks and slots are the database's: it names the one that is broken. */
export const inventorySchema = z.strictObject({
  dc: z.strictObject({
    code,
    name: z.string().min(1),
    address: z.string().optional(),
    tier: z.number().int().optional(),
  }),
  types: z
    .array(
      z.strictObject({
        kind: z.enum(['rack', 'assembly', 'switch', 'kkt', 'fn']),
        code,
        vendor: z.string().optional(),
        name: z.string().min(1),
        partNumber: z.string().optional(),
        spares: z.number().int().min(0).default(0),
        sparesMinimum: z.number().int().min(0).default(0),
      }),
    )
    .default([]),
  zones: z.array(z.strictObject({ code, name: z.string().min(1) })).min(1),
  feeds: z.array(z.strictObject({ code, name: z.string().optional() })).default([]),
  switches: z
    .array(
      z.strictObject({
        code,
        role: z.enum(['access', 'core']),
        rack: looseCode.optional(),
        stack: z.string().optional(),
        type: z.string().optional(),
        uplinks: z.array(code).default([]),
        feeds: z.array(code).default([]),
      }),
    )
    .default([]),
  racks: z.array(
    z.strictObject({
      code: looseCode,
      zone: code,
      facilityId: z.string().optional(),
      type: z.string().optional(),
      assemblies: z.array(assemblySchema).default([]),
    }),
  ),
});

export type InventoryFile = z.infer<typeof inventorySchema>;

/** @throws FarmError CLIENT-INVENTORY naming field and rule */
export function parseInventory(text: string): InventoryFile {
  let read: unknown;
  try {
    read = parse(text);
  } catch (error) {
    throw new FarmError('CLIENT-INVENTORY', `This is no YAML: ${(error as Error).message}`);
  }
  const result = inventorySchema.safeParse(read);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = issue?.path.join('.') || 'the file';
  throw new FarmError('CLIENT-INVENTORY', `${field}: ${issue?.message}`, { field });
}

export const renderInventory = (file: InventoryFile): string =>
  `# Inventory of the data centre ${file.dc.code}. Read back by: npm run inventory -- import FILE\n${stringify(file, { lineWidth: 140 })}`;

/** The usual hall with so many racks, without modules: two core switches, two access switches a rack, two feeds. */
export function usualInventory(dc: string, racks: readonly string[]): InventoryFile {
  const plant = usualPlant(dc, racks);
  return {
    dc: { code: dc, name: `ЦОД ${dc}`, tier: 3 },
    types: [
      { kind: 'rack', code: 'rack-12x48', name: 'Стойка на 12 сборок', spares: 0, sparesMinimum: 0 },
      { kind: 'assembly', code: 'assembly-48', name: 'Сборка на 48 модулей', spares: 0, sparesMinimum: 0 },
      { kind: 'switch', code: 'access-48', name: 'Коммутатор стойки', spares: 2, sparesMinimum: 1 },
      { kind: 'switch', code: 'core', name: 'Коммутатор ядра', spares: 1, sparesMinimum: 1 },
    ],
    zones: [{ code: 'hall-1', name: 'Машинный зал 1' }],
    feeds: plant.feeds.map((feed) => ({ code: feed, name: `Ввод ${feed}` })),
    switches: plant.switches.map(({ code: name, role, rack, uplinks, feeds }) => ({
      code: name,
      role,
      ...(rack === undefined ? {} : { rack, stack: `stack-${rack}` }),
      type: role === 'core' ? 'core' : 'access-48',
      uplinks: [...uplinks],
      feeds: [...feeds],
    })),
    racks: racks.map((rack) => ({
      code: rack,
      zone: 'hall-1',
      type: 'rack-12x48',
      assemblies: plant.assemblies
        .filter((assembly) => assembly.rack === rack)
        .map(({ number, uplinks, feeds }) => ({ number, type: 'assembly-48', uplinks, feeds, modules: [] })),
    })),
  };
}
