import type { Json } from "@millrace/contract";
import { DocumentScopes } from "@millrace/engine";
import { nodeSpecs } from "@millrace/nodes/specs";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { valueQuery } from "#api/runs.ts";
import { useEditor } from "#pages/editor/context.ts";
import { nodeOf } from "#pages/editor/model/document.ts";
import { inLine, memberAt, readIn, sampleOf } from "#pages/editor/model/samples.ts";
import type { NodeFailure } from "#pages/editor/node-state.ts";
import type { DraftRuns } from "#pages/editor/run/draft-runs.ts";
import { useDraftRun } from "#pages/editor/run/use-draft-run.ts";
import { useText } from "#pages/editor/text.ts";

interface FailedValueProps {
  readonly id: string;
  readonly runs: DraftRuns;
  readonly failure: NodeFailure;
  readonly field: readonly string[];
}

/**
 * What stood in the field when the node failed, secrets masked. Where it could not be evaluated there is no such value: what its expressions
 * read is told instead.
 */
export function FailedValue({ id, runs, failure: { type, given }, field }: FailedValueProps) {
  const t = useText();
  const { run } = useDraftRun(runs);
  const enabled = run !== null && given !== undefined && type !== "expression_error";
  const { data, isLoading } = useQuery({ ...valueQuery(run?.id ?? "", given ?? ""), enabled, retry: false });
  const read = useWhatIsRead(id, runs, field);
  if (isLoading) return null;
  const value = data === undefined ? undefined : memberAt(data as Json, field);
  const rows = value === undefined ? read : [{ name: t("state.value"), text: inLine(value) }];
  if (rows.length === 0) return null;
  return (
    <dl className="flex flex-col gap-1">
      {rows.map(({ name, text }) => (
        <div key={name} className="flex gap-2">
          <dt className="shrink-0">{name}</dt>
          <dd className="min-w-0 font-mono [overflow-wrap:anywhere]">{text}</dd>
        </div>
      ))}
    </dl>
  );
}

function useWhatIsRead(id: string, runs: DraftRuns, field: readonly string[]) {
  const document = useEditor(({ edit }) => edit.document);
  const { samples } = useDraftRun(runs);
  return useMemo(() => {
    const value = memberAt(nodeOf(document, id) as unknown as Json, field);
    if (value === undefined) return [];
    return readIn(JSON.stringify(value), id, new DocumentScopes(document, nodeSpecs)).flatMap(({ expression }) => {
      const text = sampleOf(samples, expression);
      return text === null ? [] : [{ name: expression, text }];
    });
  }, [document, samples, id, field]);
}
