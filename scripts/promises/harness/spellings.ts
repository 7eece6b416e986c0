/** A canary: a value that is nowhere by chance, with characters that each encoder writes in its own way. */
export function canary(name: string, serial: number): string {
  return `sk-${name}-${serial}-+/"<&>é~`;
}

/** What a search looks for: the value as other programs would write it. */
export function spellingsOf(value: string): readonly string[] {
  const bytes = Buffer.from(value);
  const url = encodeURIComponent(value);
  const spellings = [
    value,
    ...[0, 1, 2].flatMap((offset) => inside(bytes, offset)),
    bytes.toString("hex"),
    bytes.toString("hex").toUpperCase(),
    url,
    url.replace(/%../g, (one) => one.toLowerCase()),
    new URLSearchParams([["", value]]).toString().slice(1),
    JSON.stringify(value).slice(1, -1),
    JSON.stringify(JSON.stringify(value)).slice(3, -3),
    value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;"),
  ];
  // The bytes of a file or a header, read as Latin-1, are UTF-8 all the same.
  return [...new Set([...spellings, ...spellings.map((spelling) => Buffer.from(spelling).toString("latin1"))])];
}

/** Base64 of both alphabets with that many bytes before, without the characters that those share. */
function inside(bytes: Buffer, offset: number): readonly string[] {
  const padded = Buffer.concat([Buffer.alloc(offset), bytes, Buffer.alloc(2)]);
  const from = Math.ceil((offset * 8) / 6);
  const to = Math.floor(((offset + bytes.length) * 8) / 6);
  return [padded.toString("base64").slice(from, to), padded.toString("base64url").slice(from, to)];
}
