import {
  type DiffLine,
  diffLines,
  diffWorkflows,
  type JsonObject,
  type NodeChange,
  type WorkflowDiff,
  type WorkflowDocument,
} from "@millrace/contract";
import { lazy, Suspense, useMemo } from "react";
import type { DiffMark, DiffMarks } from "#pages/editor/graph-view.tsx";
import { useText } from "#pages/versions/text.ts";
import { classes } from "#ui/classes.ts";
import { Skeleton } from "#ui/notice.tsx";
import { Card } from "#ui/page.tsx";

// The canvas is the largest part of the console: it comes when it is looked at.
const GraphView = lazy(async () => ({ default: (await import("#pages/editor/graph-view.tsx")).GraphView }));

interface ComparisonProps {
  readonly before: WorkflowDocument;
  readonly after: WorkflowDocument;
}

/** Two documents by meaning: counted, in the graph, and field by field. What lies where is one number. */
export function Comparison({ before, after }: ComparisonProps) {
  const t = useText();
  const diff = useMemo(() => diffWorkflows(asJson(before), asJson(after)), [before, after]);
  const lines = useMemo(() => diffLines(diff), [diff]);
  const marks = useMemo(() => marksOf(diff), [diff]);
  const count = (change: NodeChange["change"]) => diff.nodes.filter((node) => node.change === change).length;
  const edges = diff.edges.added.length + diff.edges.removed.length;
  if (lines.length === 0 && diff.layout.moved === 0) return <p className="text-quiet">{t("same")}</p>;
  return (
    <div className="flex flex-col gap-4">
      <p className="font-medium">
        {t("summary", {
          changed: count("changed") + count("renamed") + diff.settings.length,
          added: count("added"),
          removed: count("removed"),
          edges,
          moved: diff.layout.moved,
        })}
      </p>
      <Card title={t("graph")}>
        <div className="-m-4 overflow-hidden rounded-b-lg">
          <Suspense fallback={<Skeleton rows={3} />}>
            <GraphView document={withRemoved(before, after, diff)} label={t("graph")} marks={marks} />
          </Suspense>
        </div>
      </Card>
      {lines.length > 0 && (
        <Card title={t("lines")}>
          <ul className="flex flex-col gap-4">
            {lines.map((line) => (
              <Line key={`${line.change} ${line.at}`} line={line} />
            ))}
          </ul>
        </Card>
      )}
    </div>
  );
}

function asJson(document: WorkflowDocument): JsonObject {
  return document as unknown as JsonObject;
}

function marksOf({ nodes }: WorkflowDiff): DiffMarks {
  const mark = (change: NodeChange["change"]): DiffMark => (change === "renamed" ? "changed" : change);
  return new Map(nodes.map(({ id, change }) => [id, mark(change)]));
}

/** What is after, with the nodes beside it that are gone: they are in the picture too. */
function withRemoved(before: WorkflowDocument, after: WorkflowDocument, { nodes }: WorkflowDiff): WorkflowDocument {
  const gone = new Set(nodes.filter(({ change, path }) => change === "removed" && !path.includes("/")).map(({ id }) => id));
  if (gone.size === 0) return after;
  return {
    ...after,
    nodes: [...after.nodes, ...before.nodes.filter(({ id }) => gone.has(id))],
    layout: { ...before.layout, ...after.layout },
  };
}

function Line({ line: { change, at, before, after } }: { line: DiffLine }) {
  const t = useText();
  const isField = before !== undefined || after !== undefined;
  return (
    <li className="flex flex-col gap-1">
      <p className="flex flex-wrap items-baseline gap-x-2">
        <span className="font-medium [overflow-wrap:anywhere]">{at}</span>
        {change !== "changed" && (
          <span className={change === "added" ? "text-sm text-good" : "text-sm text-bad"}>{t(`line.${change}`)}</span>
        )}
      </p>
      {isField && (
        <div className="overflow-x-auto rounded-md border border-line font-mono text-sm leading-5">
          {before !== undefined && <Value sign="-" label={t("before")} value={before} className="bg-bad-soft" />}
          {after !== undefined && <Value sign="+" label={t("after")} value={after} className="bg-good-soft" />}
        </div>
      )}
    </li>
  );
}

function Value({ sign, label, value, className }: { sign: string; label: string; value: unknown; className: string }) {
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  return (
    <div className={classes("flex gap-2 px-3 py-1", className)}>
      <span aria-hidden="true" className="select-none">
        {sign}
      </span>
      <span className="sr-only">{label}</span>
      <span className="whitespace-pre-wrap [overflow-wrap:anywhere]">{text}</span>
    </div>
  );
}
