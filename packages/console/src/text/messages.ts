/** A text with `{names}` in it; or one for each plural form that its language has, chosen by the value of `count`. */
export type Message = string | { readonly one?: string; readonly other: string };

/** The texts of one area of the console, in one language. */
export type Messages = Readonly<Record<string, Message>>;

/** What stands for the `{names}`. */
export type Values = Readonly<Record<string, string | number>>;

export interface Piece {
  readonly text: string;
  /** The name in the braces, or null for plain text. */
  readonly name: string | null;
}

/** What is dear to make and the same for a language; a canvas asks for it for each of its nodes. */
function onePerLanguage<Maker>(make: (language: string) => Maker): (language: string) => Maker {
  const made = new Map<string, Maker>();
  return (language) => {
    const known = made.get(language) ?? make(language);
    made.set(language, known);
    return known;
  };
}

const pluralRules = onePerLanguage((language) => new Intl.PluralRules(language));
const numberFormat = onePerLanguage((language) => new Intl.NumberFormat(language));

/** The form of a message that `count` asks for. */
export function formOf(message: Message, values: Values, language: string): string {
  if (typeof message === "string") return message;
  const count = Number(values["count"] ?? Number.NaN);
  const form = pluralRules(language).select(count);
  return form === "one" ? (message.one ?? message.other) : message.other;
}

export function piecesOf(text: string): Piece[] {
  return text
    .split(/(\{[A-Za-z]+\})/)
    .filter((part) => part !== "")
    .map((part) => (/^\{[A-Za-z]+\}$/.test(part) ? { text: part, name: part.slice(1, -1) } : { text: part, name: null }));
}

/** The text with its names filled in; numbers as the language writes them. */
export function fill(message: Message, values: Values, language: string): string {
  return piecesOf(formOf(message, values, language))
    .map(({ text, name }) => (name === null ? text : shown(values[name] ?? text, language)))
    .reduce((before, piece) => (isCount(before, language) ? before + piece.replace(/^ /, UNBROKEN) : before + piece), "");
}

/** A space at which no line ends. */
export const UNBROKEN = "\u00a0";

/** Is the end of the text a number that is read with what follows it? Where words have no spaces, the one before a unit is where a line would end. */
function isCount(text: string, language: string): boolean {
  return hasUnspacedWords(language) && /\d$/.test(text);
}

export function hasUnspacedWords(language: string): boolean {
  return /^(?:zh|ja)/.test(language);
}

function shown(value: string | number, language: string): string {
  return typeof value === "number" ? numberFormat(language).format(value) : value;
}
