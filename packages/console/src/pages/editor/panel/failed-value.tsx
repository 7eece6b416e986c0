import { type Json, memberAt } from "@millrace/contract";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { memberQuery } from "#api/runs.ts";
import { useEditor } from "#pages/editor/context.ts";
import { nodeOf } from "#pages/editor/model/document.ts";
import { inLine, readIn, sampleOf } from "#pages/editor/model/samples.ts";
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
  const written = useEditor(({ edit }) => memberAt(nodeOf(edit.document, id) as unknown as Json, field));
  const enabled = run !== null && given !== undefined && written !== undefined && type !== "expression_error";
  const { data, isLoading } = useQuery({ ...memberQuery(run?.id ?? "", given ?? "", field), enabled, retry: false });
  const read = useWhatIsRead(id, runs, written);
  if (isLoading) return null;
  const rows = data === undefined ? read : [{ name: t("state.value"), text: inLine(data) }];
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

function useWhatIsRead(id: string, runs: DraftRuns, written: Json | undefined) {
  const document = useEditor(({ edit }) => edit.document);
  const { samples } = useDraftRun(runs);
  return useMemo(() => {
    if (written === undefined) return [];
    return readIn(JSON.stringify(written), id, document).flatMap(({ expression }) => {
      const text = sampleOf(samples, expression);
      return text === null ? [] : [{ name: expression, text }];
    });
  }, [document, samples, id, written]);
}
