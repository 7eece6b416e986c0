import type { NodeTrace } from "@millrace/contract";

/** What a node, or its execution in one iteration, did in either run. */
export interface ComparedNode {
  readonly key: string;
  readonly name: string;
  readonly a: NodeTrace | null;
  readonly b: NodeTrace | null;
  readonly changed: boolean;
}

function keyOf({ path, iteration = [] }: NodeTrace): string {
  return iteration.length === 0 ? path : `${path} [${iteration.join(", ")}]`;
}

/** What is known of the output; of a long one its size and its beginning. */
function given(trace: NodeTrace | null): string | undefined {
  const { output, outputPreview } = trace ?? {};
  return outputPreview ? `${outputPreview.bytes} ${outputPreview.text}` : JSON.stringify(output);
}

/** In the order of the first run; what ran in the second only comes behind. */
export function compareNodes(a: readonly NodeTrace[], b: readonly NodeTrace[]): ComparedNode[] {
  const [left, right] = [new Map(a.map((trace) => [keyOf(trace), trace])), new Map(b.map((trace) => [keyOf(trace), trace]))];
  return [...new Set([...left.keys(), ...right.keys()])].map((key) => {
    const [one, other] = [left.get(key) ?? null, right.get(key) ?? null];
    const named = one ?? other;
    const changed = given(one) !== given(other) || one?.status !== other?.status;
    return {
      key,
      name: `${named?.nodeName ?? named?.nodeId ?? key}${key.includes("[") ? key.slice(key.indexOf(" [")) : ""}`,
      a: one,
      b: other,
      changed,
    };
  });
}
