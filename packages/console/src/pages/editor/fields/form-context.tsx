import type { CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { type Json, type JsonObject, type PaidRequest, toPointer } from "@millrace/contract";
import { DocumentScopes } from "@millrace/engine";
import { nodeSpecs } from "@millrace/nodes/specs";
import { createContext, useContext, useMemo } from "react";
import { useEditor, useStore } from "#pages/editor/context.ts";
import { type Offer, offersAt } from "#pages/editor/fields/offers.ts";
import { setMember } from "#pages/editor/model/commands.ts";
import { nodeOf } from "#pages/editor/model/document.ts";
import { type FoundProblem, isWithin } from "#pages/editor/model/problems.ts";
import { type Samples, sampleOf } from "#pages/editor/model/samples.ts";

export type Path = readonly (string | number)[];

/** What a field of a form edits. */
export interface SchemaFieldProps {
  readonly schema: JsonObject;
  readonly value: Json | undefined;
  readonly path: Path;
  /** Its texts are never read as templates. */
  readonly literal: boolean;
  readonly label: string;
}

/** What the fields of one node's form share. */
export interface FormSetting {
  readonly nodeId: string;
  readonly type: string;
  readonly samples: Samples;
  /** What the node paid for last, in the run that is shown. */
  readonly lastPaid?: PaidRequest | undefined;
}

export const FormContext = createContext<FormSetting>({ nodeId: "", type: "", samples: new Map() });

export function useForm(): FormSetting {
  return useContext(FormContext);
}

/** Writes one member of the node; letters of one field are one step of undo. undefined takes the member away. */
export function useSet(): (path: Path, value: Json | undefined) => void {
  const store = useStore();
  const { nodeId } = useForm();
  return (path, value) =>
    store.run({ label: "field", key: `${nodeId} ${toPointer(path)}` }, (document) => setMember(document, nodeId, path, value));
}

const NONE: readonly FoundProblem[] = [];

/** Problems of one value; with `exact`, without those of what lies inside it. */
export function useFaults(path: Path, exact = false): readonly FoundProblem[] {
  const { nodeId } = useForm();
  const own = useEditor(({ problems }) => problems.byNode.get(nodeId)) ?? NONE;
  const key = toPointer(path);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is the path
  return useMemo(
    () => own.filter((problem) => isWithin(problem, path) && (!exact || problem.field.length === path.length)),
    [own, key, exact],
  );
}

/** The number of the wish to focus this field; undefined where another, or none, is wished for. */
export function useFocusWish(path: Path): number | undefined {
  const { nodeId } = useForm();
  return useEditor(({ focus }) =>
    focus?.nodeId === nodeId && focus.field.length > 0 && toPointer(focus.field) === toPointer(path) ? focus.number : undefined,
  );
}

/** The picker of a field. */
export function useOffers(path: Path): (context: CompletionContext) => CompletionResult | null {
  const store = useStore();
  const { nodeId, samples } = useForm();
  const member = toPointer(path);
  return (context) => {
    const { document } = store;
    const offers = offersAt(context.state.doc.toString(), context.pos, {
      scopes: new DocumentScopes(document, nodeSpecs),
      nodeId,
      member,
      nameOf: (id) => nodeOf(document, id)?.name ?? id,
      sampleOf: (expression) => sampleOf(samples, expression),
    });
    const [first] = offers;
    if (!first) return null;
    return { from: first.start, filter: false, options: offers.filter(({ start }) => start === first.start).map(completionOf) };
  };
}

function completionOf({ label, type, node, sample, doc, insert, caret, start, end }: Offer) {
  const detail = [type, ...(sample === null ? [] : [sample])].join(" · ");
  const info = [
    ...(node === null || node === label ? [] : [node]),
    ...(doc === "" ? [] : [doc]),
    ...(sample === null ? [] : [sample]),
  ].join("\n");
  return {
    label,
    detail,
    ...(info !== "" && { info }),
    apply: (view: import("@codemirror/view").EditorView) =>
      view.dispatch({ changes: { from: start, to: end, insert }, selection: { anchor: start + caret }, userEvent: "input.complete" }),
  };
}
