import type { Json, NodeTrace, WorkflowNode } from "@millrace/contract";
import { DocumentScopes } from "@millrace/engine";
import { nodeSpecs } from "@millrace/nodes/specs";
import { Play, StepForward } from "lucide-react";
import { useMemo } from "react";
import { useEditor } from "#pages/editor/context.ts";
import { JsonField } from "#pages/editor/fields/json-field.tsx";
import { configOf, specOf } from "#pages/editor/model/document.ts";
import { usagesOf } from "#pages/editor/model/references.ts";
import { readIn, sampleOf } from "#pages/editor/model/samples.ts";
import type { DraftRuns } from "#pages/editor/run/draft-runs.ts";
import { useDraftRun } from "#pages/editor/run/use-draft-run.ts";
import { useText } from "#pages/editor/text.ts";
import { useFormat } from "#text/format.ts";
import { Button } from "#ui/button.tsx";
import { CodeBlock } from "#ui/copy.tsx";
import { StatusBadge } from "#ui/status.tsx";

interface TabProps {
  readonly node: WorkflowNode;
  readonly runs: DraftRuns;
}

/** What the node reads of others, with what it was in the last run. */
export function InputTab({ node, runs }: TabProps) {
  const t = useText();
  const document = useEditor(({ edit }) => edit.document);
  const { samples } = useDraftRun(runs);
  const read = useMemo(() => {
    const text = JSON.stringify({ ...configOf(node), body: undefined, inputs: node.inputs });
    return readIn(text, node.id, document);
  }, [node, document]);
  return (
    <div className="flex flex-col gap-3">
      <RunButtons node={node} runs={runs} />
      {read.length === 0 && <p className="text-sm text-quiet">{t("input.none")}</p>}
      {read.map(({ expression, type }) => (
        <div key={expression}>
          <p className="flex items-baseline justify-between gap-3 text-sm">
            <code className="[overflow-wrap:anywhere]">{expression}</code>
            <span className="shrink-0 text-xs text-quiet">{type}</span>
          </p>
          <p className="font-mono text-xs text-quiet [overflow-wrap:anywhere]">{sampleOf(samples, expression) ?? t("input.unknown")}</p>
        </div>
      ))}
    </div>
  );
}

/** What others may read of the node, what it gave last, and what is pinned in its place. */
export function OutputTab({ node, runs }: TabProps) {
  const t = useText();
  const document = useEditor(({ edit }) => edit.document);
  const { samples, pins } = useDraftRun(runs);
  const readers = useMemo(() => usagesOf(document, node.id).length, [document, node.id]);
  const pin = pins.get(node.id);
  const sample = samples.get(node.id);
  return (
    <div className="flex flex-col gap-4">
      <Fields node={node} />
      <p className="text-sm text-quiet">{t("output.readers", { count: readers })}</p>
      {pin ? (
        <section aria-label={t("pin.badge")} className="flex flex-col gap-2">
          <h3 className="text-sm font-medium text-wait">{t("pin.badge")}</h3>
          <p className="text-xs text-quiet">{t("pin.help")}</p>
          <JsonField label={t("pin.value")} value={pin.output} onChange={(output) => runs.setPin(node.id, output)} />
          <div className="flex flex-wrap gap-2">
            <Button size="small" icon={StepForward} onClick={() => void runs.runNode(node.id, "from")}>
              {t("run.downstream")}
            </Button>
            <Button size="small" onClick={() => runs.setPin(node.id, undefined)}>
              {t("pin.remove")}
            </Button>
          </div>
        </section>
      ) : (
        <Button size="small" className="self-start" onClick={() => runs.togglePin(node.id)}>
          {t("pin.add")}
        </Button>
      )}
      {sample !== undefined && (
        <section className="flex flex-col gap-1">
          <h3 className="text-sm font-medium">{t("output.last")}</h3>
          <CodeBlock text={preview(sample)} label={t("output.last")} />
        </section>
      )}
    </div>
  );
}

function Fields({ node }: { node: WorkflowNode }) {
  const t = useText();
  const fields = useMemo(() => fieldsOf(node), [node]);
  if (fields.length === 0) return <p className="text-sm text-quiet">{t("output.open")}</p>;
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
      {fields.map(({ name, type }) => (
        <div key={name} className="contents">
          <dt className="font-mono">{name}</dt>
          <dd className="text-quiet">{type}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The fields of a node, as a node behind it would read them. */
function fieldsOf(node: WorkflowNode): readonly { readonly name: string; readonly type: string }[] {
  if (specOf(node)?.role === "end") return [];
  const reader = { id: "reader_", type: "template", text: "" };
  const scopes = new DocumentScopes(
    { format: "millrace/1", name: "fields", nodes: [node, reader], edges: [`${node.id} -> reader_`] },
    nodeSpecs,
  );
  return scopes
    .references(reader.id, "/text")
    .filter(({ nodeId, expression }) => nodeId === node.id && expression.startsWith(`${node.id}.`))
    .map(({ expression, type }) => ({ name: expression.slice(node.id.length + 1), type }));
}

/** What the shown run did with the node; iterations apart. */
export function LastRunTab({ node, runs }: TabProps) {
  const t = useText();
  const { run } = useDraftRun(runs);
  const traces = run?.nodes.filter(({ nodeId }) => nodeId === node.id) ?? [];
  return (
    <div className="flex flex-col gap-3">
      <RunButtons node={node} runs={runs} />
      {traces.length === 0 && <p className="text-sm text-quiet">{t("last.none")}</p>}
      {traces.map((trace) => (
        <Trace key={`${trace.path} ${trace.iteration?.join(".") ?? ""}`} trace={trace} />
      ))}
    </div>
  );
}

function Trace({ trace }: { trace: NodeTrace }) {
  const t = useText();
  const format = useFormat();
  const { status, startedAt, endedAt, attempts, error, output, iteration, credits, tokens, logs } = trace;
  const facts = [
    ...(iteration ? [t("last.iteration", { index: iteration.map((each) => each + 1).join(".") })] : []),
    ...(startedAt !== undefined && endedAt !== undefined ? [format.duration(endedAt - startedAt)] : []),
    ...(attempts > 1 ? [t("state.attempt", { attempt: attempts })] : []),
    ...(tokens ? [t("last.tokens", { count: tokens })] : []),
    ...(credits ? [t("last.credits", { credits: format.credits(credits) })] : []),
  ];
  return (
    <article className="flex flex-col gap-2 rounded-md border border-line p-3">
      <p className="flex flex-wrap items-center gap-2 text-sm">
        <StatusBadge status={status} />
        <span className="text-quiet">{facts.join(" · ")}</span>
      </p>
      {error && (
        <p className="text-sm [overflow-wrap:anywhere]">
          <a className="underline" href={`/errors/${encodeURIComponent(error.type)}`}>
            <code>{error.type}</code>
          </a>{" "}
          {error.message}
        </p>
      )}
      {output !== undefined && <CodeBlock text={preview(output as Json)} label={t("output.last")} />}
      {logs && logs.length > 0 && <CodeBlock text={logs.join("\n")} label={t("drawer.logs")} />}
    </article>
  );
}

function RunButtons({ node, runs }: TabProps) {
  const t = useText();
  const { running } = useDraftRun(runs);
  return (
    <div className="flex flex-wrap gap-2">
      {(["only", "upTo", "from"] as const).map((mode) => (
        <Button key={mode} size="small" icon={Play} disabled={running} onClick={() => void runs.runNode(node.id, mode)}>
          {t(`run.${mode}`)}
        </Button>
      ))}
    </div>
  );
}

const LONGEST = 32_768;

/** The first 32 KB of a value. */
export function preview(value: Json): string {
  const text = JSON.stringify(value, null, 2);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}\n…` : text;
}
