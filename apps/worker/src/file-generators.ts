import type { FileGenerators } from '@kkt/notifications';
import type { Database } from '@kkt/storage';

/** Makers of files that messages name in their attachments; a part that attaches something adds its maker here. */
export const fileGenerators = (_database: Database): FileGenerators => ({});
