const scheme = /^https?:\/\//;
const letter = /^[0-9a-zA-Zа-яА-Я]$/;
const hostCharacters = /^[-.0-9a-zA-Z_а-яА-Я]*$/;
const tail = /^[a-zA-Z0-9а-яА-Я\-.?,'/\\+&=%$#_]*$/;

/** `:`, `::`, `:0-9:`, `:0-90-9:` and so on. */
const portsFit = (text: string): boolean =>
  text.split(':').every((part) => part === '0-9'.repeat(part.length / 3));

/**
 * The protocol's mask of `callback_url`, without its flaw. The published expression
 *
 *   ^http(s?)\:\/\/[0-9a-zA-Zа-яА-Я]([-.\w]*[0-9a-zA-Zа-яА-Я])*(:(0-9)*)*(\/?)([a-zA-Z0-9а-яА-Я\-\.\?\,\'\/\\\+&=%\$#_]*)?$
 *
 * nests repetitions over the same letters and takes seconds for thirty characters. What it accepts is plain:
 * - without a colon behind the scheme: a letter or digit, then any characters of its last class, which includes those
 *   of the host;
 * - with colons: before the first one a host that begins and ends with a letter or digit; between them nothing but
 *   the literal text "0-9" (so `(0-9)*` reads); after the last one any characters of the last class.
 */
export function matchesCallbackMask(url: string): boolean {
  const start = scheme.exec(url)?.[0].length;
  if (start === undefined || !letter.test(url.charAt(start))) return false;
  const rest = url.slice(start);
  const firstColon = rest.indexOf(':');
  if (firstColon < 0) return tail.test(rest);
  const lastColon = rest.lastIndexOf(':');
  return (
    letter.test(rest.charAt(firstColon - 1)) &&
    hostCharacters.test(rest.slice(0, firstColon)) &&
    portsFit(rest.slice(firstColon, lastColon + 1)) &&
    tail.test(rest.slice(lastColon + 1))
  );
}
