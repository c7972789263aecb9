import { FarmError } from '@kkt/contracts';
import { parse } from 'yaml';
import { z } from 'zod';

const entrySchema = z.strictObject({
  /** Byte 3 of the answer to A5. */
  code: z.number().int().min(0).max(255),
  name: z.string().min(1),
  /** How it is known: on a bench, from a published capture, from the driver's header, from one place only. */
  certainty: z.enum(['bench', 'capture', 'header', 'one']),
  /** Id of its data file in `hardware/models/kkt`; absent: served by the profile of the 42ФС, untried. */
  description: z.string().min(1).optional(),
});

export type KnownModel = Readonly<z.infer<typeof entrySchema>>;

const plain = (word: string): string => word.toLowerCase().replace(/\s+/g, '');

/** The maker's models by their codes and names. */
export class ModelList {
  private readonly byCode: ReadonlyMap<number, KnownModel>;
  private readonly byWord: ReadonlyMap<string, KnownModel>;

  constructor(readonly models: readonly KnownModel[]) {
    this.byCode = new Map(models.map((model) => [model.code, model]));
    this.byWord = new Map(
      models.flatMap((model) =>
        [model.name, model.description ?? model.name].map((word) => [plain(word), model] as const),
      ),
    );
    const twice = models.find((model) => this.byCode.get(model.code) !== model);
    if (twice) throw new FarmError('SYS-MODEL-FILE', 'Two models have one code', { code: twice.code });
  }

  of(code: number): KnownModel | undefined {
    return this.byCode.get(code);
  }

  /** By a name as people write it into the inventory: `АТОЛ 42ФС` or the id of its data file, `atol-42fs`. */
  named(word: string): KnownModel | undefined {
    return this.byWord.get(plain(word));
  }
}

/**
 * Reads a list as `hardware/models/kkt-codes.yaml` keeps it.
 * @throws FarmError `SYS-MODEL-FILE` naming the line's field
 */
export function readModelList(yaml: string): ModelList {
  const result = z.array(entrySchema).safeParse(parse(yaml));
  if (result.success) return new ModelList(result.data);
  const issue = result.error.issues[0];
  throw new FarmError('SYS-MODEL-FILE', 'The list of model codes is wrong', {
    field: issue?.path.join('.'),
    problem: issue?.message,
  });
}
