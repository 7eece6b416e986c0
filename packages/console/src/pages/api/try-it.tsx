import { type JsonObject, sampleInput } from "@millrace/contract";
import { useMutation } from "@tanstack/react-query";
import { Send } from "lucide-react";
import { useState } from "react";
import { send } from "#api/client.ts";
import { InputForm } from "#input/input-form.tsx";
import { useText } from "#pages/api/text.ts";
import { RunLink } from "#pages/run-link.tsx";
import { useFormat } from "#text/format.ts";
import { Button } from "#ui/button.tsx";
import { classes } from "#ui/classes.ts";
import { CodeBlock } from "#ui/copy.tsx";
import { Check, Field, TextInput } from "#ui/field.tsx";
import { ErrorNotice } from "#ui/notice.tsx";
import { Card } from "#ui/page.tsx";

interface Quota {
  readonly remaining: number;
  readonly resetS: number;
}

/** What the server answered, as it came. */
interface Answer {
  readonly status: number;
  readonly headers: string;
  readonly body: string;
  readonly runId: string | null;
  /** What is left of the key's limit; null: it has none. */
  readonly quota: Quota | null;
  readonly durationMs: number;
}

interface Request {
  readonly key: string;
  readonly body: JsonObject;
}

async function invoke({ key, body }: Request): Promise<Answer> {
  const began = performance.now();
  const response = await send("/v1/workflow/invoke", { method: "POST", body, headers: { Authorization: `Bearer ${key}` } });
  const text = await response.text();
  return {
    status: response.status,
    headers: [...response.headers].map(([name, value]) => `${name}: ${value}`).join("\n"),
    body: pretty(text),
    runId: runIdOf(text),
    quota: quotaOf(response.headers.get("ratelimit")),
    durationMs: performance.now() - began,
  };
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** `"key";r=49;t=2` */
function quotaOf(header: string | null): Quota | null {
  const [, remaining, resetS] = /;r=(\d+);t=(\d+)/.exec(header ?? "") ?? [];
  return remaining === undefined ? null : { remaining: Number(remaining), resetS: Number(resetS) };
}

function runIdOf(text: string): string | null {
  return /"workflowRunId"\s*:\s*"([0-9a-f-]{36})"/.exec(text)?.[1] ?? null;
}

interface TryItProps {
  readonly schema: JsonObject;
  /** Made on this page; empty: it is to be typed. */
  readonly madeKey: string;
}

/** The real call, with a real key: what a program would get. */
export function TryIt({ schema, madeKey }: TryItProps) {
  const t = useText();
  const [input, setInput] = useState<JsonObject | null>(() => sampleInput(schema));
  const [userId, setUserId] = useState("");
  const [isAsync, setAsync] = useState(false);
  const [typedKey, setTypedKey] = useState("");
  const key = typedKey || madeKey;
  const call = useMutation({ mutationFn: invoke });
  const ready = input !== null && key !== "" && !call.isPending;
  const submit = () => {
    if (input) call.mutate({ key, body: { input, ...(userId !== "" && { userId }), ...(isAsync && { isAsync }) } });
  };
  return (
    <Card title={t("try")}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) submit();
        }}
      >
        <InputForm schema={schema} value={input ?? {}} onChange={setInput} />
        <Field label={t("try.user")} hint={t("try.user.hint")}>
          {(control) => <TextInput {...control} value={userId} onChange={(event) => setUserId(event.target.value)} />}
        </Field>
        <Field label={t("try.key")} hint={t("try.key.hint")} required>
          {(control) => (
            <TextInput
              {...control}
              type="password"
              autoComplete="off"
              value={key}
              onChange={(event) => setTypedKey(event.target.value.trim())}
            />
          )}
        </Field>
        <Check label={t("try.async")} checked={isAsync} onChange={(event) => setAsync(event.target.checked)} />
        <Button type="submit" kind="primary" icon={Send} className="self-start" disabled={!ready}>
          {t("try.send")}
        </Button>
      </form>
      {call.error && <ErrorNotice error={call.error} />}
      {call.data && <Answered answer={call.data} />}
    </Card>
  );
}

function Answered({ answer: { status, headers, body, runId, quota, durationMs } }: { answer: Answer }) {
  const t = useText();
  const format = useFormat();
  return (
    <div className="mt-5 flex flex-col gap-3" role="status">
      <p className="flex flex-wrap items-center gap-x-3">
        <span className={classes("rounded-full px-2 py-0.5 font-medium", status < 300 ? "bg-good-soft text-good" : "bg-bad-soft text-bad")}>
          {t("try.status", { status: String(status) })}
        </span>
        <span className="text-quiet">{format.duration(durationMs)}</span>
        {quota && (
          <span className="text-quiet">
            {t("try.quota", { remaining: format.number(quota.remaining), time: format.duration(quota.resetS * 1_000) })}
          </span>
        )}
        {runId !== null && (
          <span>
            {t("try.run")} <RunLink id={runId} />
          </span>
        )}
      </p>
      <CodeBlock text={body} label={t("try.body")} />
      <details>
        <summary className="text-sm text-quiet">{t("try.headers")}</summary>
        <CodeBlock text={headers} label={t("try.headers")} className="mt-2" />
      </details>
    </div>
  );
}
