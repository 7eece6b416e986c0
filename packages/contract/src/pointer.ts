/** One step of a path: a member name or an array index. */
export type Step = string | number;

/** JSON pointer (RFC 6901): `["input", "a/b", 0]` is `/input/a~1b/0`; no steps are the whole document, "". */
export function toPointer(steps: readonly Step[]): string {
  return steps.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** The steps of a JSON pointer; array indexes stay text. */
export function fromPointer(pointer: string): string[] {
  if (pointer === "") return [];
  return pointer
    .slice(1)
    .split("/")
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** For people: `input.list.0`; the whole body is `body`. */
export function toDotted(steps: readonly Step[]): string {
  return steps.length === 0 ? "body" : steps.join(".");
}
