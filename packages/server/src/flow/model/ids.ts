import { MAX_NATIVE_ID_CHARS } from "#flow/limits";
import type { FlowNode } from "#flow/model/graph";
import { identifierFrom, Names } from "#flow/names";
import { isIdentifier } from "#flow/vendor";

/** Names that mean something else at the root of an expression. */
const ROOTS = "inputs result item index loop env run workflow secrets Math JSON Object Array Number String Boolean Date";

/** Words that cannot stand at the root of an expression. */
const WORDS =
  "break case catch class const continue debugger default delete do else enum export extends false finally for function if import in instanceof " +
  "new null return super switch this throw true try typeof undefined var void while with yield let static await async of NaN Infinity arguments eval " +
  "__proto__ constructor prototype";

const RESERVED: readonly string[] = `${ROOTS} ${WORDS}`.split(" ");

/**
 * Native ids: identifiers, unique over the whole document. A vendor id that is one already stays as it is, the first of several equal ones
 * outside before inside; the others follow from them in document order, so the same file always gives the same ids.
 * Returns the names that are left, for references to nodes that do not exist.
 */
export function assignIds(nodes: readonly FlowNode[]): Names {
  const names = new Names(RESERVED, MAX_NATIVE_ID_CHARS);
  const others = nodes.filter((node) => {
    if (!isIdentifier(node.id) || !names.takeExactly(node.id)) return true;
    node.nativeId = node.id;
    return false;
  });
  for (const node of others) node.nativeId = names.take(identifierFrom(node.id, "node"));
  return names;
}
