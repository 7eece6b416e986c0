import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { recover, rotateWebhookSecret, sendTestEvent, webhookSecretQuery } from "#api/webhooks.ts";
import { useAction } from "#app/use-action.ts";
import { useText } from "#pages/webhooks/text.ts";
import { WorkflowSelect } from "#pages/workflow-select.tsx";
import { SigningSecretDialog } from "#parts/signing-secret/dialog.tsx";
import { useFormat } from "#text/format.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { Field, Select, TextInput } from "#ui/field.tsx";
import { ErrorNotice } from "#ui/notice.tsx";

interface ActionProps {
  readonly onClose: () => void;
}

export function TestEvent({ onClose }: ActionProps) {
  const t = useText();
  const format = useFormat();
  const [workflow, setWorkflow] = useState("");
  const [url, setUrl] = useState("");
  const send = useMutation({ mutationFn: sendTestEvent });
  const answer = send.data;
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("test.title")}
      description={t("test.text")}
      actions={
        <Button
          kind="primary"
          disabled={workflow === "" || send.isPending}
          onClick={() => send.mutate({ workflow, ...(url !== "" && { url }) })}
        >
          {t("test.action")}
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label={t("filter.workflow")} required>
          {(control) => <WorkflowSelect {...control} value={workflow} onChange={(event) => setWorkflow(event.target.value)} />}
        </Field>
        <Field label={t("test.url")} hint={t("test.url.hint")}>
          {(control) => <TextInput {...control} type="url" value={url} onChange={(event) => setUrl(event.target.value)} />}
        </Field>
        {send.error && <ErrorNotice error={send.error} />}
        {answer && (
          <div role="status" className={answer.delivered ? "rounded-md bg-good-soft p-3" : "rounded-md bg-bad-soft p-3"}>
            <p className="font-medium">
              {answer.delivered ? t("test.delivered") : t("test.refused")}
              {answer.response && ` · ${answer.response.status}`}
              {answer.durationMs !== undefined && ` · ${format.duration(answer.durationMs)}`}
            </p>
            {answer.error && (
              <p className="[overflow-wrap:anywhere]">
                <code>{answer.error.type}</code>: {answer.error.message}
              </p>
            )}
            {answer.error?.type === "egress_denied" && (
              <p className="mt-1 text-sm">{t.rich("egress.hint", { variable: <code>MILLRACE_EGRESS_ALLOW</code> })}</p>
            )}
            <p className="text-sm text-quiet">{t("test.listeners", { count: answer.listeners })}</p>
          </div>
        )}
      </div>
    </Dialog>
  );
}

const PERIODS_MS = ["3600000", "86400000", "604800000"] as const;

export function Recover({ onClose }: ActionProps) {
  const t = useText();
  const [workflow, setWorkflow] = useState("");
  const [period, setPeriod] = useState<string>("3600000");
  const send = useAction({
    run: recover,
    done: ({ resent }) => t("recover.done", { count: resent }),
    changes: [["deliveries"]],
    onDone: onClose,
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("recover.title")}
      description={t("recover.text")}
      actions={
        <Button
          kind="primary"
          disabled={send.isPending}
          onClick={() => send.mutate({ since: Date.now() - Number(period), ...(workflow !== "" && { workflow }) })}
        >
          {t("recover.action")}
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label={t("filter.workflow")}>
          {(control) => (
            <WorkflowSelect {...control} none={t("filter.all")} value={workflow} onChange={(event) => setWorkflow(event.target.value)} />
          )}
        </Field>
        <Field label={t("recover.since")}>
          {(control) => (
            <Select {...control} value={period} onChange={(event) => setPeriod(event.target.value)}>
              {PERIODS_MS.map((ms) => (
                <option key={ms} value={ms}>
                  {t(`since.${ms}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
    </Dialog>
  );
}

export function SigningSecret({ onClose }: ActionProps) {
  const t = useText();
  const [workflow, setWorkflow] = useState("");
  const query = webhookSecretQuery(workflow);
  const secret = useQuery(query);
  const rotate = workflow === "" ? null : () => rotateWebhookSecret(workflow);
  return (
    <SigningSecretDialog title={t("secret.title")} secret={secret} queryKey={query.queryKey} rotate={rotate} onClose={onClose}>
      <Field label={t("filter.workflow")} required>
        {(control) => <WorkflowSelect {...control} value={workflow} onChange={(event) => setWorkflow(event.target.value)} />}
      </Field>
    </SigningSecretDialog>
  );
}
