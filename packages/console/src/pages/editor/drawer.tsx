import type { Json, JsonObject, NodeTrace, RunHeader } from "@millrace/contract";
import { useQuery } from "@tanstack/react-query";
import { Play, X } from "lucide-react";
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { getRun, latestRuns } from "#api/draft-runs.ts";
import { isComposing } from "#app/shortcuts.ts";
import { InputForm } from "#input/input-form.tsx";
import { useEditor, useStore } from "#pages/editor/context.ts";
import type { EditorUi } from "#pages/editor/editor-ui.ts";
import { JsonField } from "#pages/editor/fields/json-field.tsx";
import { preview } from "#pages/editor/panel/run-tabs.tsx";
import type { DraftRuns } from "#pages/editor/run/draft-runs.ts";
import { useDraftRun } from "#pages/editor/run/use-draft-run.ts";
import { useText } from "#pages/editor/text.ts";
import { RunLink } from "#pages/run-link.tsx";
import { startSchema } from "#pages/start-schema.ts";
import { useFormat } from "#text/format.ts";
import { Button, IconButton } from "#ui/button.tsx";
import { CodeBlock } from "#ui/copy.tsx";
import { Select } from "#ui/field.tsx";
import { ErrorNotice } from "#ui/notice.tsx";
import { StatusBadge, StatusIcon, statusOf } from "#ui/status.tsx";

const TABS = ["input", "result", "trace", "variables", "logs"] as const;
type Tab = (typeof TABS)[number];

interface DrawerProps {
  readonly ui: EditorUi;
  readonly runs: DraftRuns;
  readonly input: JsonObject;
  readonly onInput: (input: JsonObject) => void;
}

/** Under the canvas: what a draft run is given, and what came of it. */
export function Drawer({ ui, runs, input, onInput }: DrawerProps) {
  const t = useText();
  const { run, running, error } = useDraftRun(runs);
  const [tab, setTab] = useState<Tab>("input");
  const [readable, setReadable] = useState(true);
  const take = (next: JsonObject | null) => {
    setReadable(next !== null);
    if (next !== null) onInput(next);
  };
  const drawer = useRef<HTMLElement>(null);
  useEffect(() => drawer.current?.querySelector<HTMLElement>("form :is(input, textarea), form [type=submit]")?.focus(), []);
  const begin = (event: FormEvent) => {
    event.preventDefault();
    setTab("result");
    // The button that had the focus goes with its form.
    drawer.current?.querySelector<HTMLElement>('[data-tab="result"]')?.focus();
    void runs.run(input);
  };
  return (
    <section ref={drawer} aria-label={t("drawer")} className="flex h-72 shrink-0 flex-col border-t border-line bg-surface">
      <header className="flex items-center gap-1 border-b border-line px-2">
        <div role="tablist" aria-label={t("drawer")} className="flex min-w-0 overflow-x-auto">
          {TABS.map((each) => (
            <button
              key={each}
              type="button"
              role="tab"
              data-tab={each}
              aria-selected={tab === each}
              onClick={() => setTab(each)}
              className="border-b-2 border-transparent px-2.5 py-2 text-sm whitespace-nowrap text-quiet aria-selected:border-accent aria-selected:font-medium aria-selected:text-text"
            >
              {t(`drawer.${each}`)}
            </button>
          ))}
        </div>
        <Facts runs={runs} />
        <IconButton size="small" icon={X} label={t("drawer.close")} onClick={() => ui.setDrawer(false)} />
      </header>
      <div role="tabpanel" aria-label={t(`drawer.${tab}`)} className="min-h-0 grow overflow-y-auto p-3">
        {error !== null && <ErrorNotice error={error} />}
        {tab === "input" && (
          <form onSubmit={begin} onKeyDown={submitByKeys} className="flex flex-col gap-3">
            <RunInput input={input} onInput={take} />
            <Button kind="primary" type="submit" icon={Play} disabled={running || !readable} className="self-start">
              {t("run")}
            </Button>
          </form>
        )}
        {tab === "result" && <Result runs={runs} />}
        {tab === "trace" && <TraceList runs={runs} />}
        {tab === "variables" && <Variables runs={runs} />}
        {tab === "logs" && <Logs nodes={run?.nodes ?? []} />}
      </div>
    </section>
  );
}

/** Ctrl+Enter begins the run from its fields too, where shortcuts are not heard. */
function submitByKeys(event: KeyboardEvent<HTMLFormElement>): void {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || isComposing(event.nativeEvent)) return;
  event.preventDefault();
  event.currentTarget.requestSubmit();
}

function Facts({ runs }: { runs: DraftRuns }) {
  const t = useText();
  const format = useFormat();
  const { run, running } = useDraftRun(runs);
  if (!run) return <span className="ms-auto" />;
  const took = run.executionMs ?? (run.endedAt ?? Date.now()) - run.acceptedAt;
  return (
    <span className="ms-auto flex items-center gap-2 text-sm whitespace-nowrap text-quiet" role="status" aria-live="polite">
      <StatusBadge status={running && run.endedAt !== undefined ? "RUNNING" : statusOf(run)} />
      <span className="max-sm:hidden">
        {[
          format.duration(took),
          t("last.tokens", { count: run.tokens ?? 0 }),
          t("last.credits", { credits: format.credits(run.credits ?? 0) }),
        ].join(" · ")}
      </span>
      <RunLink id={run.id} />
    </span>
  );
}

function RunInput({ input, onInput }: { input: JsonObject; onInput: (input: JsonObject | null) => void }) {
  const t = useText();
  const workflowId = useEditor((state) => state.workflowId);
  const document = useEditor(({ edit }) => edit.document);
  // A form keeps what is typed: another input is another form.
  const [taken, setTaken] = useState("");
  const { data } = useQuery({ queryKey: ["latest-runs", workflowId], queryFn: ({ signal }) => latestRuns(workflowId, signal) });
  const take = async (runId: string) => {
    if (runId === "") return;
    onInput((await getRun(runId)).input as JsonObject);
    setTaken(runId);
  };
  return (
    <>
      <Select className="w-auto self-start" aria-label={t("input.fromRun")} value="" onChange={(event) => void take(event.target.value)}>
        <option value="">{t("input.fromRun")}</option>
        {(data?.data ?? []).map((run) => (
          <RunOption key={run.id} run={run} />
        ))}
      </Select>
      <InputForm key={taken} schema={startSchema(document)} value={input} onChange={onInput} />
    </>
  );
}

function RunOption({ run }: { run: RunHeader }) {
  const format = useFormat();
  return <option value={run.id}>{`${format.time(run.acceptedAt)} · ${run.id.slice(-6)}`}</option>;
}

function Result({ runs }: { runs: DraftRuns }) {
  const t = useText();
  const { run, running } = useDraftRun(runs);
  if (!run) return <p className="text-quiet">{running ? t("result.waits") : t("result.none")}</p>;
  if (run.error) {
    return (
      <div className="flex flex-col gap-2 rounded-md bg-bad-soft p-3">
        <p className="font-medium [overflow-wrap:anywhere]">{run.error.message}</p>
        <p className="text-sm">
          <a className="underline" href={`/errors/${encodeURIComponent(run.error.type)}`}>
            <code>{run.error.type}</code>
          </a>
          {run.error.nodeName && <span className="text-quiet"> · {run.error.nodeName}</span>}
        </p>
      </div>
    );
  }
  if (run.output === undefined) return <p className="text-quiet">{t("result.waits")}</p>;
  return <CodeBlock text={preview(run.output as Json)} label={t("drawer.result")} />;
}

function TraceList({ runs }: { runs: DraftRuns }) {
  const t = useText();
  const format = useFormat();
  const store = useStore();
  const { run } = useDraftRun(runs);
  if (!run) return <p className="text-quiet">{t("result.none")}</p>;
  return (
    <ol className="flex flex-col">
      {run.nodes.map((trace) => (
        <li key={`${trace.path} ${trace.iteration?.join(".") ?? ""}`}>
          <button
            type="button"
            onClick={() => store.select([trace.nodeId])}
            className="flex w-full items-center gap-2 rounded px-1.5 py-1 text-start hover:bg-raised"
          >
            <StatusIcon status={trace.status} />
            <span className="grow truncate">
              {trace.nodeName ?? trace.nodeId}
              {trace.iteration && <span className="text-quiet"> · {trace.iteration.map((each) => each + 1).join(".")}</span>}
              {trace.reused && <span className="text-quiet"> · {t("trace.copied")}</span>}
            </span>
            <span className="text-sm text-quiet">{t(`state.${trace.status}`)}</span>
            <span className="w-20 text-end text-sm text-quiet">{durationOf(trace, format)}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}

function durationOf({ startedAt, endedAt }: NodeTrace, format: ReturnType<typeof useFormat>): string {
  return startedAt === undefined || endedAt === undefined ? "" : format.duration(endedAt - startedAt);
}

/** What nodes gave; another value in its place runs only what reads it. */
function Variables({ runs }: { runs: DraftRuns }) {
  const t = useText();
  const { samples, running } = useDraftRun(runs);
  const [edited, edit] = useState<{ readonly node: string; readonly value: Json } | null>(null);
  if (samples.size === 0) return <p className="text-quiet">{t("result.none")}</p>;
  return (
    <div className="flex flex-col gap-3">
      {[...samples].map(([node, value]) => (
        <div key={node} className="flex flex-col gap-1">
          <p className="flex items-center gap-2">
            <code className="grow">{node}</code>
            <Button size="small" onClick={() => edit(edited?.node === node ? null : { node, value })}>
              {edited?.node === node ? t("cancel") : t("variables.edit")}
            </Button>
            {edited?.node === node && (
              <Button
                size="small"
                kind="primary"
                disabled={running}
                onClick={() => void runs.rerunWith(node, edited.value).then(() => edit(null))}
              >
                {t("run.downstream")}
              </Button>
            )}
          </p>
          {edited?.node === node ? (
            <JsonField label={node} value={edited.value} onChange={(next) => edit({ node, value: next })} />
          ) : (
            <pre className="max-h-24 overflow-auto rounded-md bg-raised p-2 text-xs">{preview(value)}</pre>
          )}
        </div>
      ))}
    </div>
  );
}

function Logs({ nodes }: { nodes: readonly NodeTrace[] }) {
  const t = useText();
  const lines = nodes.flatMap(({ nodeId, logs = [] }) => logs.map((line) => `${nodeId}: ${line}`));
  return lines.length === 0 ? (
    <p className="text-quiet">{t("logs.none")}</p>
  ) : (
    <CodeBlock text={lines.join("\n")} label={t("drawer.logs")} />
  );
}
