const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };

/** A text as the content of an XML element. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>\r]/g, (sign) => ENTITIES[sign] ?? sign);
}
