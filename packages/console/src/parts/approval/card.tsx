import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { type ApprovalView, approvalQuery, decideApproval } from "#api/approvals.ts";
import { ApiError } from "#api/client.ts";
import { ApprovalFields } from "#parts/approval/fields.tsx";
import { type FormValues, filled, propertiesOf } from "#parts/approval/form.ts";
import { useText } from "#parts/approval/text.ts";
import { useFormat } from "#text/format.ts";
import { Button, type ButtonKind } from "#ui/button.tsx";
import { Facts } from "#ui/facts.tsx";
import { Field, TextArea } from "#ui/field.tsx";
import { JsonView } from "#ui/json-view.tsx";
import { ErrorNotice } from "#ui/notice.tsx";
import { Prose } from "#ui/prose.tsx";
import { useToast } from "#ui/toast.tsx";

/** What people are asked, by its id. */
export function ApprovalCard({ id }: { id: string }) {
  const { data } = useQuery(approvalQuery(id));
  return data ? <Approval approval={data} /> : null;
}

/** What people are asked: what it is about, its form, and a button an action. Who comes second is told who was first. */
export function Approval({ approval, withRun = false }: { approval: ApprovalView; withRun?: boolean }) {
  const format = useFormat();
  const t = useText();
  const { title, message, details, until, status } = approval;
  return (
    <article aria-label={title} className="flex flex-col gap-4 rounded-lg border border-line bg-surface p-4 shadow-sm">
      <header className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h2 className="text-lg font-semibold [overflow-wrap:anywhere]">{title}</h2>
        {until !== undefined && status === "OPEN" && (
          <span className="text-sm text-quiet">{t("expires", { time: format.relative(until, Date.now()) })}</span>
        )}
      </header>
      {message !== undefined && <Prose text={message} />}
      {details !== undefined && <Details details={details} />}
      {approval.mine ? <Decide approval={approval} /> : <Outcome approval={approval} />}
      <footer className="flex flex-wrap gap-x-4 gap-y-1 text-sm text-quiet">
        <MayDecide approval={approval} />
        {withRun && (
          <Link
            to="/runs/$run"
            params={{ run: approval.workflowRunId }}
            className="min-w-0 text-accent [overflow-wrap:anywhere] hover:underline"
          >
            {`${approval.workflowName} · ${t("run")} ${approval.workflowRunId.slice(0, 8)}…`}
          </Link>
        )}
      </footer>
    </article>
  );
}

/** A flat object reads as a list; everything else as JSON. */
function Details({ details }: { details: unknown }) {
  const t = useText();
  const isFlat =
    typeof details === "object" &&
    details !== null &&
    !Array.isArray(details) &&
    Object.values(details).every((value) => typeof value !== "object" || value === null);
  if (!isFlat) return <JsonView value={details} label={t("run")} />;
  return <Facts facts={Object.entries(details as object).map(([name, value]) => [name, String(value)] as const)} />;
}

const KINDS = { primary: "primary", danger: "danger", plain: "plain" } as const satisfies Record<string, ButtonKind>;

function Decide({ approval }: { approval: ApprovalView }) {
  const t = useText();
  const toast = useToast();
  const queries = useQueryClient();
  const properties = propertiesOf(approval.form);
  const [values, setValues] = useState<FormValues>({});
  const [comment, setComment] = useState("");
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const decide = async (action: ApprovalView["actions"][number]) => {
    setBusy(true);
    setFailure(null);
    const form = action.form && properties.length > 0 ? filled(properties, values) : null;
    const sent = { id: approval.id, action: action.name, ...(form && { form }), ...(comment.trim() !== "" && { comment: comment.trim() }) };
    try {
      await decideApproval(sent);
      toast({ title: t("done") });
    } catch (error) {
      // Whoever came second is told who was first, and the card goes with what was asked.
      if (error instanceof ApiError && error.status === 409) toast({ title: error.message, bad: true });
      else setFailure(error);
    }
    setBusy(false);
    await Promise.all(
      [["approvals"], ["approval", approval.id], ["run", approval.workflowRunId]].map((queryKey) =>
        queries.invalidateQueries({ queryKey }),
      ),
    );
  };
  return (
    <div className="flex flex-col gap-4">
      <ApprovalFields properties={properties} values={values} onChange={setValues} />
      <Field label={t("comment")} hint={t("comment.hint")}>
        {(control) => <TextArea {...control} rows={2} value={comment} onChange={(event) => setComment(event.target.value)} />}
      </Field>
      {failure !== null && <ErrorNotice error={failure} />}
      <div className="flex flex-wrap gap-2 max-sm:flex-col">
        {approval.actions.map((action) => (
          <Button
            key={action.name}
            kind={KINDS[action.style]}
            needs="operate"
            disabled={busy}
            className="max-sm:h-11"
            onClick={() => void decide(action)}
          >
            <ActionWord action={action} />
            {action.needed > 1 && <Given approval={approval} action={action.name} needed={action.needed} />}
          </Button>
        ))}
      </div>
    </div>
  );
}

/** The workflow's own word; approve and reject have one in every language. */
function ActionWord({ action: { name, label } }: { action: { readonly name: string; readonly label?: string } }) {
  const t = useText();
  if (label !== undefined) return label;
  return name === "approve" || name === "reject" ? t(name) : name;
}

function Given({ approval, action, needed }: { approval: ApprovalView; action: string; needed: number }) {
  const t = useText();
  const count = approval.answers.filter((answer) => answer.action === action).length;
  return <span className="text-sm font-normal">({t("needed", { count, needed })})</span>;
}

function Outcome({ approval: { status, decision, answers, actions } }: { approval: ApprovalView }) {
  const t = useText();
  const format = useFormat();
  const shown = decision ? [decision] : answers;
  const word = (name: string) =>
    actions.find((action) => action.name === name)?.label ?? (name === "approve" || name === "reject" ? t(name) : name);
  return (
    <div className="flex flex-col gap-1">
      {shown.map(({ by, action, at, comment }) => (
        <p key={`${by}-${at}`}>
          {t("decided", { who: by, action: word(action), time: format.time(at) })}
          {comment !== undefined && <span className="text-quiet"> · {comment}</span>}
        </p>
      ))}
      {status === "OPEN" && <p className="text-quiet">{t("not.yours")}</p>}
      {status === "TIMED_OUT" && <p className="text-quiet">{t("timed.out")}</p>}
      {status === "CANCELLED" && <p className="text-quiet">{t("closed")}</p>}
    </div>
  );
}

function MayDecide({ approval: { approvers } }: { approval: ApprovalView }) {
  const t = useText();
  const who = [...(approvers.people ?? []), ...(approvers.roles ?? []).map((role) => t(`role.${role}`))];
  return <span>{t("also", { who: who.length === 0 ? t("also.operators") : who.join(", ") })}</span>;
}
