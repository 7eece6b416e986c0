import { linesOf, topicsOf } from "#models/offline/words";

/** Labels of a text that are looked at. */
const MOST_LABELS = 1_000;

/** Characters of a text in which mentions are looked for. */
const MENTION_CHARACTERS = 20_000;

/** Longer beginnings of a line are no label. */
const LABEL_CHARACTERS = 60;

interface LabelledLine {
  readonly label: ReadonlySet<string>;
  readonly value: string;
}

/** A text in which values are looked up by what they are called. */
export class LabelledText {
  readonly text: string;
  readonly lines: readonly string[];
  readonly #labelled: readonly LabelledLine[];
  readonly #mentions: string;
  #topics: ReadonlySet<string> | null = null;

  constructor(text: string) {
    this.text = text;
    this.#mentions = text.slice(0, MENTION_CHARACTERS);
    this.lines = linesOf(text);
    this.#labelled = this.lines.flatMap(labelledParts).slice(0, MOST_LABELS);
  }

  get topics(): ReadonlySet<string> {
    this.#topics ??= topicsOf(this.text);
    return this.#topics;
  }

  /** What stands behind a label that names the same; null: nothing does. */
  labelled(names: readonly string[]): string | null {
    for (const wanted of names.map(topicsOfName)) {
      const fitting = this.#labelled.filter(({ label }) => wanted.size > 0 && isWithin(wanted, label));
      const [best] = fitting.sort((a, b) => a.label.size - b.label.size);
      if (best) return best.value;
    }
    return null;
  }

  /** What follows a mention in a sentence, up to its end; null: it is not mentioned. */
  following(names: readonly string[]): string | null {
    for (const name of names.map(spokenName)) {
      const found = name === "" ? null : mentionOf(name).exec(this.#mentions);
      if (found) return this.#mentions.slice(found.index + found[0].length).split("\n", 1)[0] ?? "";
    }
    return null;
  }
}

const HAN = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+$/u;

/** A name as a word of its own, with an ending or without; Chinese and Japanese do not part their words. */
function mentionOf(name: string): RegExp {
  const literal = name.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  return HAN.test(name) ? new RegExp(literal, "u") : new RegExp(`(?:^|[^\\p{L}\\p{N}])${literal}\\p{L}{0,3}(?![\\p{L}\\p{N}])`, "iu");
}

/** `label: value`, and several of them in a line that commas or semicolons part. */
function labelledParts(line: string): readonly LabelledLine[] {
  const whole = labelledPart(line);
  const parts = line
    .split(/[;；]|,\s/)
    .slice(1)
    .flatMap((part) => labelledPart(part) ?? []);
  return [...(whole ? [whole] : []), ...parts];
}

function labelledPart(text: string): LabelledLine | null {
  const trimmed = text.trim();
  const body = /^[-*•・]\s/.test(trimmed) ? trimmed.slice(1).trim() : trimmed;
  const at = body.search(/[:：=]|\s-\s/);
  const label = body.slice(0, Math.max(0, at)).trim();
  const value = body
    .slice(at)
    .replace(/^(?:[:：=]|\s-\s)/, "")
    .trim();
  if (label === "" || value === "" || label.length > LABEL_CHARACTERS || /^https?$/i.test(label)) return null;
  return { label: topicsOf(label), value };
}

function isWithin(part: ReadonlySet<string>, whole: ReadonlySet<string>): boolean {
  return [...part].every((topic) => whole.has(topic));
}

function topicsOfName(name: string): ReadonlySet<string> {
  return topicsOf(spokenName(name));
}

/** `invoiceNumber`, `invoice_number` -> `invoice number` */
export function spokenName(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/[_-]+/g, " ")
    .trim()
    .toLowerCase();
}
