import { Parser } from "htmlparser2";
import { decodeText } from "#parsing/decode-text";
import { MAX_DEPTH } from "#parsing/limits";
import { ParseFailure } from "#parsing/parse-failure";

export interface XmlEvents {
  /** Names are without their prefix, of elements and of attributes. */
  open?(name: string, attributes: { readonly [name: string]: string }): void;
  close?(name: string): void;
  text?(text: string): void;
}

/** Reads XML as a stream of events. Declared entities are never replaced: there is nothing that could grow. */
export function readXml(bytes: Uint8Array, events: XmlEvents): void {
  let depth = 0;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        depth += 1;
        if (depth > MAX_DEPTH) throw new ParseFailure(`its elements are nested more than ${MAX_DEPTH} deep`);
        events.open?.(local(name), withLocalNames(attributes));
      },
      onclosetag(name) {
        depth -= 1;
        events.close?.(local(name));
      },
      ontext: (text) => events.text?.(text),
    },
    { xmlMode: true },
  );
  parser.end(decodeText(bytes));
}

function local(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

function withLocalNames(attributes: { readonly [name: string]: string }): { readonly [name: string]: string } {
  // Later ones do not win: `r:id` stands beside `id`.
  const named: { [name: string]: string } = Object.create(null);
  for (const [name, value] of Object.entries(attributes)) {
    named[name] = value;
    named[local(name)] ??= value;
  }
  return named;
}
