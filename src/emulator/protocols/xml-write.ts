export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\0': '\ufffd' };
const SPECIAL = /[&<>"\u0000-\u0008\u000b-\u001f\ufffe\uffff]/;
const ALL_SPECIAL = new RegExp(SPECIAL, 'g');

/**
 * Text for an element or attribute. A carriage return is written as a reference, else parsers make a newline of it;
 * so are the control characters that XML 1.0 has no place for, as S3 writes them in listings. For NUL no parser takes
 * even that.
 */
export function escapeXml(text: string): string {
  if (!SPECIAL.test(text)) return text;
  return text.replace(ALL_SPECIAL, (character) => ENTITIES[character] ?? `&#x${character.charCodeAt(0).toString(16)};`);
}

const NO_CHARACTER = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** What an error repeats of a client's input, such that it gets through that client's parser. */
export const readable = (text: string) => text.replace(NO_CHARACTER, '\ufffd');

export const escapeErrorText = (text: string) => escapeXml(readable(text));
