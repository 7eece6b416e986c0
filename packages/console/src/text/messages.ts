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
    .join("");
}

/** A space at which no line ends. */
export const UNBROKEN = "\u00a0";

/**
 * Texts of a language without spaces between its words: the one after a number is where a line would end, and it is read with what it counts.
 * What is filled in may be a number.
 */
export function boundTogether(messages: Messages): Messages {
  const bound = (text: string) => text.replace(/(?<=[\d}]) (?=\P{ASCII})/gu, UNBROKEN);
  return Object.fromEntries(
    Object.entries(messages).map(([key, message]) => [key, typeof message === "string" ? bound(message) : { other: bound(message.other) }]),
  );
}

function shown(value: string | number, language: string): string {
  return typeof value === "number" ? numberFormat(language).format(value) : value;
}
