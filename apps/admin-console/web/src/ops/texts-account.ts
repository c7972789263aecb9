import { defineTexts } from '@kkt/web-kit';

/** Texts of one's own account. */
export const accountTexts = defineTexts({
  ru: { title: 'Учётная запись' },
  en: { title: 'Account' },
});
