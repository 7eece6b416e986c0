import { NAMESPACES } from "#expression/functions";
import { isForbidden } from "#expression/names";

/** Words of the syntax: a node or variable of such a name can never be the root of a reference. */
const WORDS: ReadonlySet<string> = new Set(
  (
    "break case catch class const continue debugger default delete do else enum export extends false finally for function if import in " +
    "instanceof new null return super switch this throw true try typeof undefined var void while with"
  ).split(" "),
);

/** Can `name` not be the root of a reference? Then no node, and nothing else that expressions read by name, should be called so. */
export function isReservedName(name: string): boolean {
  return WORDS.has(name) || isForbidden(name) || NAMESPACES.has(name);
}
