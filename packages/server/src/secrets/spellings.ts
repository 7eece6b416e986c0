// How a value may be written where it comes back: as it is, and as JSON, HTML, URLs, base64 and hex write it.

/** Source of a pattern that matches every spelling of the value; each is linear in its length. */
export function spellingsOf(value: string): string {
  return spelled(value)
    .map((characters) => characters.join(""))
    .join("|");
}

/** Character by character: patterns of the spellings of each, for each way to write the whole. */
export function spelled(value: string): readonly (readonly string[])[] {
  const bytes = Buffer.from(value, "utf8");
  return [plain(value), hex(bytes), ...[0, 1, 2].map((offset) => base64(bytes, offset))];
}

/** Each as it is or escaped, as encoders differ in which of them they escape. */
function plain(value: string): readonly string[] {
  return Array.from(value, (character) => oneOf(waysOf(character)));
}

function waysOf(character: string): readonly string[] {
  const bytes = Buffer.from(character, "utf8");
  const code = character.codePointAt(0) ?? 0;
  const percent = Array.from(bytes, (byte) => `%(?:25){0,3}${anyCase(byte.toString(16).padStart(2, "0"))}`).join("");
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at).toString(16).padStart(4, "0"));
  const unicode = units.map((unit) => `\\\\{1,4}u${anyCase(unit)}`).join("");
  const numeric = `&#0*(?:${code}|[xX]0*${anyCase(code.toString(16))});`;
  return [...(NAMED.get(character) ?? []), percent, unicode, numeric, ...raw(character, bytes)];
}

/** Bytes that were read as Latin-1 (headers, bodies of unknown charset) are UTF-8 all the same. */
function raw(character: string, bytes: Buffer): readonly string[] {
  const misread = bytes.length > 1 ? [literal(bytes.toString("latin1"))] : [];
  return [literal(character), ...misread];
}

/** What JSON and HTML write beside numbers; JSON in JSON doubles its backslashes. */
const NAMED: ReadonlyMap<string, readonly string[]> = new Map([
  ['"', ['\\\\{1,8}"', "&quot;"]],
  ["\\", ["\\\\{1,8}"]],
  ["/", ["\\\\{1,8}\\/"]],
  ["&", ["&amp;"]],
  ["<", ["&lt;"]],
  [">", ["&gt;"]],
  ["'", ["&apos;"]],
  [" ", ["\\+"]],
  ["\n", ["\\\\{1,8}n"]],
  ["\r", ["\\\\{1,8}r"]],
  ["\t", ["\\\\{1,8}t"]],
]);

function hex(bytes: Buffer): readonly string[] {
  return Array.from(bytes.toString("hex"), anyCase);
}

/**
 * The value somewhere inside of what was encoded: base64 packs three bytes into four characters, so there are three ways to lie. Characters
 * that its neighbours share are left out.
 */
function base64(bytes: Buffer, offset: number): readonly string[] {
  const text = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString("base64")
    .replace(/(?<!=)=+$/, "");
  const first = Math.ceil((offset * 8) / 6);
  const last = Math.floor(((offset + bytes.length) * 8) / 6);
  return Array.from(text.slice(first, last), base64Character);
}

function base64Character(character: string): string {
  if (character === "+") return oneOf(["[+-]", ...escapes("+")]);
  if (character === "/") return oneOf(["[/_]", "\\\\{1,8}\\/", ...escapes("/")]);
  return character;
}

function escapes(character: string): readonly string[] {
  const code = anyCase(character.charCodeAt(0).toString(16));
  return [`%(?:25){0,3}${code}`, `\\\\{1,4}u00${code}`, `&#(?:${character.charCodeAt(0)}|[xX]${code});`];
}

function anyCase(digits: string): string {
  return Array.from(digits, (digit) => (/[a-f]/.test(digit) ? `[${digit}${digit.toUpperCase()}]` : digit)).join("");
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

function oneOf(patterns: readonly string[]): string {
  return `(?:${patterns.join("|")})`;
}
