import type { NodeTrace, ReplayBody, ReplayPreview } from "@millrace/contract";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { TriangleAlert } from "lucide-react";
import { useState } from "react";
import { replayPreviewQuery, replayRun, runQuery, valueQuery } from "#api/runs.ts";
import { useAction } from "#app/use-action.ts";
import { changedNames, type InputText, inputOf } from "#parts/replay/input.ts";
import { useText } from "#parts/replay/text.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { Field, Select, TextArea } from "#ui/field.tsx";
import { useJsonFault } from "#ui/json-fault.ts";
import { ErrorNotice, Skeleton } from "#ui/notice.tsx";

type From = "failed" | "start" | "node";
type VersionName = "same" | "live" | "draft";

interface ReplayDialogProps {
  readonly run: { readonly id: string; readonly status: string };
  /** The node to begin at, chosen already. */
  readonly node?: string;
  readonly onClose: () => void;
}

/** Three places to begin at, three versions to run in; what is taken over and what runs again is told before anything happens. */
export function ReplayDialog({ run, node: chosen, onClose }: ReplayDialogProps) {
  const t = useText();
  const navigate = useNavigate();
  const { data: detail } = useQuery(runQuery(run.id));
  const [from, setFrom] = useState<From>(chosen !== undefined ? "node" : run.status === "FAILED" ? "failed" : "start");
  const [node, setNode] = useState(chosen ?? "");
  const [version, setVersion] = useState<VersionName>("same");
  const [text, setText] = useState<string | null>(null);
  // A long input is brought when it is to be seen.
  const { data: input = detail?.input } = useQuery({ ...valueQuery(run.id, "input"), enabled: from === "start" && !!detail?.inputPreview });
  const original = JSON.stringify(input ?? {}, null, 2);
  const given = inputOf(text ?? original);
  const body = bodyOf(from, node, version, from === "start" && text !== null && given.ok ? given.value : null);
  const start = useAction({
    run: (asked: ReplayBody) => replayRun(run.id, asked),
    done: () => t("started"),
    changes: [["runs"], ["replays"]],
    onDone: ({ workflowRunId }) => {
      onClose();
      void navigate({ to: "/runs/$run", params: { run: workflowRunId } });
    },
  });
  const ready = body !== null && (from !== "start" || given.ok);
  return (
    <Dialog
      open
      wide
      place="side"
      onClose={onClose}
      title={t("title", { id: `${run.id.slice(0, 8)}…${run.id.slice(-4)}` })}
      actions={
        <Button kind="primary" disabled={!ready || start.isPending} onClick={() => body && start.mutate(body)}>
          {t("start")}
        </Button>
      }
    >
      <div className="flex flex-col gap-5">
        <div className="flex flex-wrap gap-6">
          <Choices
            legend={t("from")}
            name="from"
            value={from}
            options={(["failed", "start", "node"] as const).map((one) => [one, t(`from.${one}`)])}
            onChange={setFrom}
          />
          <Choices
            legend={t("version")}
            name="version"
            value={version}
            options={(["same", "live", "draft"] as const).map((one) => [one, t(`version.${one}`)])}
            onChange={setVersion}
          />
        </div>
        {from === "node" && <NodeChoice nodes={detail?.nodes ?? []} value={node} onChange={setNode} />}
        {from === "start" && input !== undefined && (
          <InputField text={text ?? original} original={original} given={given} onChange={setText} />
        )}
        {ready && body && <Preview run={run.id} body={body} />}
      </div>
    </Dialog>
  );
}

/** null: a node is still to be chosen. */
function bodyOf(from: From, node: string, version: VersionName, input: object | null): ReplayBody | null {
  if (from === "node") return node === "" ? null : { node, version };
  return { from, version, ...(input && { input }) };
}

interface ChoicesProps<Value extends string> {
  readonly legend: string;
  readonly name: string;
  readonly value: Value;
  readonly options: readonly (readonly [Value, string])[];
  readonly onChange: (value: Value) => void;
}

function Choices<Value extends string>({ legend, name, value, options, onChange }: ChoicesProps<Value>) {
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 text-sm font-medium">{legend}</legend>
      {options.map(([one, word]) => (
        <label key={one} className="flex items-center gap-2 touch-target">
          <input type="radio" name={name} checked={one === value} onChange={() => onChange(one)} className="size-4 accent-accent" />
          {word}
        </label>
      ))}
    </fieldset>
  );
}

/** Nodes outside of loops: an iteration alone cannot be begun at. */
function NodeChoice({ nodes, value, onChange }: { nodes: readonly NodeTrace[]; value: string; onChange: (node: string) => void }) {
  const t = useText();
  return (
    <Field label={t("node")} required>
      {(control) => (
        <Select {...control} value={value} onChange={(event) => onChange(event.target.value)}>
          <option value="" disabled hidden />
          {nodes
            .filter(({ path, nodeType }) => !path.includes("/") && nodeType !== "start")
            .map(({ nodeId, nodeName }) => (
              <option key={nodeId} value={nodeId}>
                {nodeName ?? nodeId}
              </option>
            ))}
        </Select>
      )}
    </Field>
  );
}

interface InputFieldProps {
  readonly text: string;
  readonly original: string;
  readonly given: InputText;
  readonly onChange: (text: string) => void;
}

function InputField({ text, original, given, onChange }: InputFieldProps) {
  const t = useText();
  const faultText = useJsonFault();
  const changed = given.ok ? changedNames(JSON.parse(original) as object, given.value) : [];
  const problem = given.ok ? null : given.fault ? faultText(given.fault) : t("input.bad", { problem: given.shown });
  const hint = changed.length === 0 ? t("input.hint") : t("input.changed", { names: changed.join(", ") });
  return (
    <Field label={t("input")} hint={hint} error={problem}>
      {(control) => (
        <TextArea
          {...control}
          rows={8}
          spellCheck={false}
          className="font-mono text-sm"
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

function Preview({ run, body }: { run: string; body: ReplayBody }) {
  const { data, error, refetch } = useQuery(replayPreviewQuery(run, body));
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  return data ? <PreviewLists preview={data} /> : <Skeleton rows={3} />;
}

function PreviewLists({ preview: { reused, again } }: { preview: ReplayPreview }) {
  const t = useText();
  return (
    <div className="grid grid-cols-1 gap-5 sm:grid-cols-2">
      <section>
        <h3 className="mb-1.5 text-sm font-medium">{t("reused")}</h3>
        {reused.length === 0 && <p className="text-quiet">{t("reused.none")}</p>}
        <ul className="flex flex-col gap-1">
          {reused.map(({ nodeId, nodeName, results }) => (
            <li key={nodeId}>
              {nodeName} <span className="text-sm text-quiet">{results > 1 && t("results", { count: results })}</span>
            </li>
          ))}
        </ul>
      </section>
      <section>
        <h3 className="mb-1.5 text-sm font-medium">{t("again")}</h3>
        <ul className="flex flex-col gap-1">
          {again.map(({ nodeId, nodeName, effect }) => (
            <li key={nodeId} className="flex flex-wrap items-center gap-x-2">
              {nodeName}
              {effect && (
                <span className="inline-flex items-center gap-1 text-sm text-wait">
                  <TriangleAlert size={13} aria-hidden="true" /> {t("again.effect")}
                </span>
              )}
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}
