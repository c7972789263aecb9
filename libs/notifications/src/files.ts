import { FarmError } from '@kkt/contracts';
import type { AttachmentRef, NotificationStore } from '@kkt/storage';
import type { OutgoingFile } from './gateways/gateway';

/** Makes a file when a message is sent: a receipt's PDF by its id, say. */
export type FileGenerator = (args: Readonly<Record<string, string | number>>) => Promise<Uint8Array>;
export type FileGenerators = Readonly<Record<string, FileGenerator>>;

/**
 * The files of a message.
 * @throws FarmError CLIENT-ATTACHMENT when a file is gone or nobody makes it
 */
export function loadFiles(
  refs: readonly AttachmentRef[],
  store: Pick<NotificationStore, 'file'>,
  generators: FileGenerators,
): Promise<OutgoingFile[]> {
  return Promise.all(
    refs.map(async (ref) => {
      const { name, contentType } = ref;
      if ('fileId' in ref) {
        const file = await store.file(ref.fileId);
        if (!file) throw new FarmError('CLIENT-ATTACHMENT', `The file ${name} is gone`);
        return { name, contentType, bytes: file.bytes };
      }
      const generate = Object.hasOwn(generators, ref.generator) ? generators[ref.generator] : undefined;
      if (!generate) throw new FarmError('CLIENT-ATTACHMENT', `Nobody makes ${ref.generator}`);
      return { name, contentType, bytes: Buffer.from(await generate(ref.args)) };
    }),
  );
}
