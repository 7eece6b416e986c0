import type { AttemptView } from "@millrace/contract";
import { useQuery } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import { type DeliveryRow, deliveryQuery, resend } from "#api/webhooks.ts";
import { useAction } from "#app/use-action.ts";
import { DeliverySubject } from "#pages/webhooks/subject.tsx";
import { useText } from "#pages/webhooks/text.ts";
import { DeliveryState } from "#parts/delivery/state.tsx";
import { useText as useDeliveryText } from "#parts/delivery/text.ts";
import { useFormat } from "#text/format.ts";
import { Button } from "#ui/button.tsx";
import { classes } from "#ui/classes.ts";
import { Preformatted } from "#ui/copy.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { Facts } from "#ui/facts.tsx";
import { ErrorNotice, Skeleton } from "#ui/notice.tsx";

/** What is on its way needs no other. */
export function canResend({ state }: Pick<DeliveryRow, "state">): boolean {
  return state !== "waiting" && state !== "due";
}

export function Resend({ id, disabled = false }: { id: string; disabled?: boolean }) {
  const t = useText();
  const again = useAction({ run: resend, done: () => t("resend.done"), changes: [["deliveries"], ["delivery", id]] });
  return (
    <Button size="small" icon={RotateCw} needs="operate" disabled={disabled || again.isPending} onClick={() => again.mutate(id)}>
      {t("resend")}
    </Button>
  );
}

/** One delivery: the ladder of its attempts, with what was sent and what came back. */
export function Delivery({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useText();
  const ofDelivery = useDeliveryText();
  const format = useFormat();
  const { data, error, refetch } = useQuery(deliveryQuery(id));
  return (
    <Dialog
      place="side"
      wide
      open
      onClose={onClose}
      title={t("details")}
      description={<code className="text-xs [overflow-wrap:anywhere]">{id}</code>}
      actions={<Resend id={id} disabled={data === undefined || !canResend(data)} />}
    >
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton rows={4} />}
      {data && (
        <div className="flex flex-col gap-5">
          <Facts
            facts={[
              [t("state"), <DeliveryState key="state" state={data.state} />],
              [t("receiver"), `${data.method} ${data.url}`],
              [data.runId === undefined ? t("alert") : t("run"), <DeliverySubject key="subject" {...data} />],
              data.nextAttemptAt === undefined
                ? null
                : [t("next"), format.aside(format.relative(data.nextAttemptAt, Date.now()), format.time(data.nextAttemptAt))],
              data.endedAt === undefined ? null : [t("ended"), format.time(data.endedAt)],
            ]}
          />
          {data.attempts.length === 0 && <p className="text-quiet">{t("attempt.none")}</p>}
          <ol className="flex flex-col gap-3">
            {data.nextAttemptAt !== undefined && (
              <li className="flex flex-wrap items-center gap-x-4 rounded-lg border border-dashed border-line-strong px-3 py-2">
                <span className="font-medium">{ofDelivery("attempt.title", { number: data.attempts.length + 1 })}</span>
                <span className="text-sm text-quiet" title={format.time(data.nextAttemptAt)}>
                  {ofDelivery("attempt.next", { when: format.relative(data.nextAttemptAt, Date.now()) })}
                </span>
              </li>
            )}
            {data.attempts.toReversed().map((attempt, index) => (
              <Attempt key={attempt.number} attempt={attempt} open={index === 0} />
            ))}
          </ol>
        </div>
      )}
    </Dialog>
  );
}

interface AttemptProps {
  readonly attempt: AttemptView;
  /** The newest is: what came of it is what one looks for. */
  readonly open: boolean;
}

function Attempt({ attempt: { number, startedAt, durationMs, request, response, error }, open }: AttemptProps) {
  const t = useText();
  const ofDelivery = useDeliveryText();
  const format = useFormat();
  const good = response !== undefined && response.status >= 200 && response.status < 300;
  return (
    <li className="rounded-lg border border-line">
      <details open={open}>
        <summary className="flex flex-wrap items-baseline gap-x-4 gap-y-1 px-3 py-2">
          <span className="font-medium">{ofDelivery("attempt.title", { number })}</span>
          <span className={classes("font-medium", good ? "text-good" : "text-bad")}>{response?.status ?? error?.type}</span>
          <span className="text-sm text-quiet">
            {format.time(startedAt)} · {ofDelivery("attempt.took", { duration: format.duration(durationMs) })}
          </span>
        </summary>
        <div className="flex flex-col gap-4 border-t border-line px-3 py-3">
          {error && <p className="text-bad [overflow-wrap:anywhere]">{error.message}</p>}
          {error?.type === "egress_denied" && (
            <p className="text-sm">{t.rich("egress.hint", { variable: <code>MILLRACE_EGRESS_ALLOW</code> })}</p>
          )}
          {response && <Message title={`${t("response")} ${response.status}`} headers={response.headers} body={response.body} />}
          <Message title={t("request")} headers={request.headers} body={null} />
        </div>
      </details>
    </li>
  );
}

interface MessageProps {
  readonly title: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

function Message({ title, headers, body }: MessageProps) {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const text = body === null || body === "" ? lines.join("\n") : `${lines.join("\n")}\n\n${body}`;
  return (
    <section>
      <h3 className="mb-1 text-sm font-medium">{title}</h3>
      <Preformatted
        text={text}
        label={title}
        className="max-h-72 rounded-md bg-raised text-xs leading-5 whitespace-pre-wrap [overflow-wrap:anywhere]"
      />
    </section>
  );
}
