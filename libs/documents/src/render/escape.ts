const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for HTML and XML. Control signs, such as the separators inside marking codes, become spaces: XML has no place for them. */
export const escapeMarkup = (text: string): string =>
  // eslint-disable-next-line no-control-regex -- control signs are what is looked for
  text.replace(/[\u0000-\u001f\u007f]/g, ' ').replace(/[&<>"']/g, (sign) => escapes[sign] ?? '');
