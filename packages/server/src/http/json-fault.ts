/** Where a text stops being JSON: the offset of the first character that cannot stand there, its length where it ends too soon. null: it is JSON. */
export function faultOf(text: string): number | null {
  const reader = new Reader(text);
  return reader.document() ? null : reader.at;
}

/** Line and column of an offset, both from 1; columns in UTF-16 units. */
export function placeOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
}

/** Each method reads one thing and says whether it is there; where it is not, `at` is the fault. */
class Reader {
  at = 0;
  readonly #text: string;
  /** The brackets that close what is open. Not a recursion: a text may be deeper than the stack. */
  readonly #closers: ("]" | "}")[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  document(): boolean {
    if (!this.#value()) return false;
    for (let closer = this.#closers.at(-1); closer !== undefined; closer = this.#closers.at(-1)) {
      this.#space();
      if (this.#take(closer)) this.#closers.pop();
      else if (!this.#take(",") || !this.#item(closer)) return false;
    }
    this.#space();
    return this.at === this.#text.length;
  }

  #item(closer: "]" | "}"): boolean {
    return closer === "]" ? this.#value() : this.#key() && this.#value();
  }

  #key(): boolean {
    this.#space();
    if (!this.#string()) return false;
    this.#space();
    return this.#take(":");
  }

  /** Of an array or object what comes before its first comma. */
  #value(): boolean {
    for (;;) {
      this.#space();
      const closer = this.#take("[") ? "]" : this.#take("{") ? "}" : null;
      if (closer === null) return this.#scalar();
      this.#space();
      if (this.#take(closer)) return true;
      this.#closers.push(closer);
      if (closer === "}" && !this.#key()) return false;
    }
  }

  #scalar(): boolean {
    switch (this.#text[this.at]) {
      case '"':
        return this.#string();
      case "t":
        return this.#word("true");
      case "f":
        return this.#word("false");
      case "n":
        return this.#word("null");
      default:
        return this.#number();
    }
  }

  #word(word: string): boolean {
    return [...word].every((letter) => this.#take(letter));
  }

  #number(): boolean {
    this.#take("-");
    if (!this.#take("0") && !this.#digits()) return false;
    if (this.#take(".") && !this.#digits()) return false;
    if (!this.#take("e") && !this.#take("E")) return true;
    if (!this.#take("+")) this.#take("-");
    return this.#digits();
  }

  #digits(): boolean {
    const from = this.at;
    while (isIn("0123456789", this.#text[this.at])) this.at += 1;
    return this.at > from;
  }

  #string(): boolean {
    if (!this.#take('"')) return false;
    for (; this.at < this.#text.length; this.at++) {
      if (this.#take('"')) return true;
      if (this.#text.charCodeAt(this.at) < 0x20) return false;
      if (this.#text[this.at] === "\\" && !this.#escape()) return false;
    }
    return false;
  }

  /** Stays at its last character. */
  #escape(): boolean {
    this.at += 1;
    if (this.#text[this.at] !== "u") return isIn('"\\/bfnrt', this.#text[this.at]);
    for (let digit = 0; digit < 4; digit++) {
      this.at += 1;
      if (!isIn("0123456789abcdefABCDEF", this.#text[this.at])) return false;
    }
    return true;
  }

  #space(): void {
    while (isIn(" \t\n\r", this.#text[this.at])) this.at += 1;
  }

  #take(character: string): boolean {
    if (this.#text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }
}

function isIn(characters: string, one: string | undefined): boolean {
  return one !== undefined && characters.includes(one);
}
