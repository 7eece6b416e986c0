import { Link } from "@tanstack/react-router";
import { CircleAlert, TriangleAlert } from "lucide-react";
import { useEditor, useStore } from "#pages/editor/context.ts";
import { nodeOf } from "#pages/editor/model/document.ts";
import { FailedValue } from "#pages/editor/panel/failed-value.tsx";
import type { DraftRuns } from "#pages/editor/run/draft-runs.ts";
import { useDraftRun } from "#pages/editor/run/use-draft-run.ts";
import { tellingMember } from "#pages/editor/summary.ts";
import { useText } from "#pages/editor/text.ts";
import { memberOf, remedyOf } from "#parts/remedy.ts";
import { useFormat } from "#text/format.ts";
import { Button, buttonClass } from "#ui/button.tsx";
import { classes } from "#ui/classes.ts";

/** What is wrong with the node itself, and what became of it in the last run; faults of one value stand at their field. */
export function NodeProblems({ id, runs }: { id: string; runs: DraftRuns }) {
  const t = useText();
  const format = useFormat();
  const problems = useEditor((state) => state.problems.byNode.get(id)) ?? [];
  const { states } = useDraftRun(runs);
  const own = problems.filter(({ field }) => field.length === 0);
  const state = states.get(id);
  const nodeType = useEditor(({ edit }) => nodeOf(edit.document, id)?.type ?? "");
  const field = state?.error && (state.error.field ?? memberOf(state.error.type, nodeType));
  return (
    <>
      {own.map(({ code, path, message, hint, level }) => (
        <p
          key={`${code}${path}`}
          className={classes("flex gap-2 rounded-md p-2 text-sm", level === "error" ? "bg-bad-soft" : "bg-wait-soft")}
        >
          {level === "error" ? (
            <CircleAlert size={16} aria-hidden="true" className="mt-0.5 shrink-0 text-bad" />
          ) : (
            <TriangleAlert size={16} aria-hidden="true" className="mt-0.5 shrink-0 text-wait" />
          )}
          <span>{hint ? format.aside(message, hint) : message}</span>
        </p>
      ))}
      {state?.error && (
        <div role="status" className="flex flex-col gap-2 rounded-md bg-bad-soft p-3 text-sm">
          <p className="font-medium [overflow-wrap:anywhere]">{state.error.message}</p>
          {field && <FailedValue id={id} runs={runs} failure={state.error} field={field} />}
          <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <a className="underline" href={`/errors/${encodeURIComponent(state.error.type)}`}>
              <code>{state.error.type}</code>
            </a>
            {field && <span>{t.rich("state.field", { field: <code key="field">{field.join(".")}</code> })}</span>}
            {state.attempts !== undefined && <span className="text-quiet">{t("state.attempt", { attempt: state.attempts })}</span>}
            <Remedy id={id} nodeType={nodeType} type={state.error.type} field={field} runs={runs} />
            <Button size="small" onClick={() => runs.runNode(id, "only")}>
              {t("run.node")}
            </Button>
          </p>
        </div>
      )}
    </>
  );
}

interface RemedyProps {
  readonly id: string;
  readonly nodeType: string;
  /** Of the error. */
  readonly type: string;
  readonly field: readonly string[] | undefined;
  readonly runs: DraftRuns;
}

/** The one thing that most likely helps. */
function Remedy({ id, nodeType, type, field, runs }: RemedyProps) {
  const t = useText();
  const store = useStore();
  const telling = tellingMember(nodeType);
  const remedy = remedyOf(type);
  if (remedy === "connection")
    return (
      <Link to="/connections" className={buttonClass("plain", "small")}>
        {t("remedy.connection")}
      </Link>
    );
  if (remedy === "field" && telling !== undefined)
    return (
      <Button size="small" onClick={() => store.focus(id, field ?? [telling])}>
        {t("remedy.field")}
      </Button>
    );
  return (
    <Button size="small" onClick={() => runs.togglePin(id)}>
      {t("pin.add")}
    </Button>
  );
}
