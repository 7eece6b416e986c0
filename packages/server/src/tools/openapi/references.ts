import { fromPointer, isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import { MAX_REFERENCES } from "#tools/limits";
import { Unusable } from "#tools/openapi/unusable";

export interface Resolved {
  readonly value: JsonObject;
  /** The references that led here. */
  readonly through: readonly string[];
}

/** Follows references inside of one document, and never out of it. */
export class References {
  readonly #document: JsonObject;

  constructor(document: JsonObject) {
    this.#document = document;
  }

  /** The object itself, or what it refers to. @throws Unusable */
  follow(value: Json | undefined, what: string): Resolved {
    const through: string[] = [];
    for (let at: Json | undefined = value; ; ) {
      if (!isJsonObject(at)) throw new Unusable(`${what} is no object`);
      const { $ref } = at;
      if ($ref === undefined) return { value: at, through };
      if (typeof $ref !== "string" || !($ref === "#" || $ref.startsWith("#/")))
        throw new Unusable(`${what} refers to another document, ${JSON.stringify($ref).slice(0, 200)}: put it into this one`);
      if (through.length >= MAX_REFERENCES || through.includes($ref)) throw new Unusable(`${what} refers to itself`);
      through.push($ref);
      at = this.#find($ref);
    }
  }

  #find($ref: string): Json | undefined {
    let at: Json | undefined = this.#document;
    for (const step of fromPointer(decoded($ref.slice(1)))) {
      if (Array.isArray(at)) at = at[Number(step)];
      else at = isJsonObject(at) && Object.hasOwn(at, step) ? at[step] : undefined;
    }
    if (at === undefined) throw new Unusable(`there is no ${$ref.slice(0, 200)}`);
    return at;
  }
}

/** A reference is a URL, in which a pointer's characters may be escaped. */
function decoded(pointer: string): string {
  try {
    return decodeURIComponent(pointer);
  } catch {
    return pointer;
  }
}
