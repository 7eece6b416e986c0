import { type JsonObject, sampleInput, type WorkflowView } from "@millrace/contract";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { CircleCheck, Plus, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { versionQuery } from "#api/versions.ts";
import { updateWorkflow, workflowQuery } from "#api/workflows.ts";
import { useAction } from "#app/use-action.ts";
import { Fields } from "#pages/api/fields.tsx";
import { useText } from "#pages/api/text.ts";
import { TryIt } from "#pages/api/try-it.tsx";
import { NewKey } from "#pages/keys/new-key.tsx";
import { outputNames, startSchema } from "#pages/start-schema.ts";
import { WorkflowTabs } from "#pages/workflow-tabs.tsx";
import { MODES, type Mode, RECEIVER, snippet, TOOLS, type Tool } from "#parts/snippets.ts";
import { Button } from "#ui/button.tsx";
import { CodeBlock } from "#ui/copy.tsx";
import { Card, NotYet, Page } from "#ui/page.tsx";

const route = getRouteApi("/inside/workflows/$workflow/api");

/** As long as a synchronous call is held, unless the operator says otherwise. */
const HOLD_S = 85;

export default function ApiPage() {
  const t = useText();
  const { workflow } = route.useParams();
  const { data, error, refetch } = useQuery(workflowQuery(workflow));
  const live = useQuery(versionQuery(workflow, data?.liveVersion));
  if (error || !data || live.isLoading) return <NotYet error={error} onRetry={() => void refetch()} />;
  const document = live.data?.document ?? data.document;
  return (
    <Page title={t("title", { name: data.name })} lead={<Address />}>
      <WorkflowTabs workflow={workflow} />
      <State workflow={data} liveDocument={live.data?.document ?? null} />
      <Call name={data.name} id={data.id} schema={startSchema(document)} />
      <Fields workflow={data.id} schema={startSchema(document)} output={outputNames(document)} />
    </Page>
  );
}

function Address() {
  return (
    <code className="[overflow-wrap:anywhere]">
      POST {location.origin}
      <wbr />
      /v1/workflow/invoke
    </code>
  );
}

/** On or off; what callers reach, and whether the draft takes other input. */
function State({ workflow, liveDocument }: { workflow: WorkflowView; liveDocument: object | null }) {
  const t = useText();
  const { id, apiEnabled, liveVersion, document } = workflow;
  const toggle = useAction({
    run: updateWorkflow,
    done: (_, { apiEnabled: on }) => t(on ? "enable.done" : "disable.done"),
    changes: [["workflow", id], ["workflows"]],
  });
  const differs = liveDocument !== null && JSON.stringify(startSchema(document)) !== JSON.stringify(startSchema(liveDocument));
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <span className={apiEnabled ? "inline-flex items-center gap-1.5 text-good" : "inline-flex items-center gap-1.5 text-bad"}>
        {apiEnabled ? <CircleCheck size={16} aria-hidden="true" /> : <TriangleAlert size={16} aria-hidden="true" />}
        {t(apiEnabled ? "enabled" : "disabled")}
      </span>
      <Button
        size="small"
        needs="edit"
        disabled={toggle.isPending}
        onClick={() => toggle.mutate({ workflow: id, apiEnabled: !apiEnabled })}
      >
        {t(apiEnabled ? "disable" : "enable")}
      </Button>
      {liveVersion === undefined ? <span className="text-wait">{t("live.none")}</span> : <span>{t("live", { version: liveVersion })}</span>}
      {differs && <span className="text-wait">{t("differs", { version: liveVersion ?? "" })}</span>}
    </div>
  );
}

function Call({ name, id, schema }: { name: string; id: string; schema: JsonObject }) {
  const t = useText();
  const [tool, setTool] = useState<Tool>("curl");
  const [mode, setMode] = useState<Mode>("sync");
  const [key, setKey] = useState<string | null>(null);
  const [making, setMaking] = useState(false);
  const text = snippet(tool, mode, { origin: location.origin, workflow: name, input: sampleInput(schema), key });
  return (
    <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <Card title={t("snippet")}>
        <div className="flex flex-col gap-4">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <span className="font-medium">{t("key")}</span>
            <Button size="small" icon={Plus} needs="edit" onClick={() => setMaking(true)}>
              {t("key.new")}
            </Button>
            <span className="text-sm text-quiet">
              {key === null ? t.rich("key.environment", { variable: <code>MILLRACE_API_KEY</code> }) : t("key.here")}
            </span>
          </div>
          <Choice label={t("tools")} all={TOOLS} chosen={tool} word={(one) => t(`tool.${one}`)} onChoose={setTool} />
          <Choice label={t("modes")} all={MODES} chosen={mode} word={(one) => t(`mode.${one}`)} onChoose={setMode} />
          <CodeBlock text={text} label={t("snippet")} />
          <p className="text-sm text-quiet">
            {mode === "webhook"
              ? t.rich("mode.webhook.hint", { command: <code>{`millrace webhooks listen ${RECEIVER}`}</code> })
              : t(`mode.${mode}.hint`, { seconds: HOLD_S })}
          </p>
          <a className="self-start text-accent underline-offset-2 hover:underline" href="/docs" target="_blank" rel="noreferrer">
            {t("openapi")}
          </a>
        </div>
      </Card>
      <TryIt schema={schema} madeKey={key ?? ""} />
      {making && (
        <NewKey
          open
          workflow={id}
          onClose={() => setMaking(false)}
          onCreated={({ key: made }) => {
            setMaking(false);
            setKey(made);
          }}
        />
      )}
    </div>
  );
}

interface ChoiceProps<One extends string> {
  readonly label: string;
  readonly all: readonly One[];
  readonly chosen: One;
  readonly word: (one: One) => string;
  readonly onChoose: (one: One) => void;
}

function Choice<One extends string>({ label, all, chosen, word, onChoose }: ChoiceProps<One>) {
  return (
    <fieldset className="flex flex-wrap gap-1">
      <legend className="sr-only">{label}</legend>
      {all.map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={one === chosen}
          className="rounded-md border border-line px-2.5 py-1 text-sm hover:bg-raised aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:font-medium aria-pressed:text-accent"
          onClick={() => onChoose(one)}
        >
          {word(one)}
        </button>
      ))}
    </fieldset>
  );
}
