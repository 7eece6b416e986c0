import type { BudgetView, PutBudgetBody } from "@millrace/contract";
import { useQuery } from "@tanstack/react-query";
import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { budgetsQuery, putBudget, removeBudget } from "#api/usage.ts";
import { useAction } from "#app/use-action.ts";
import { useText } from "#pages/usage/text.ts";
import { WorkflowSelect } from "#pages/workflow-select.tsx";
import { useFormat } from "#text/format.ts";
import { Button, IconButton } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { Field, Select, TextInput } from "#ui/field.tsx";
import { Card } from "#ui/page.tsx";
import { Bar } from "#ui/progress.tsx";

export function Budgets() {
  const t = useText();
  const { data: budgets } = useQuery(budgetsQuery);
  const [making, setMaking] = useState(false);
  return (
    <Card
      title={t("budgets")}
      actions={
        <Button size="small" icon={Plus} needs="edit" onClick={() => setMaking(true)}>
          {t("budget.new")}
        </Button>
      }
    >
      {budgets?.length === 0 && <p className="text-quiet">{t("budgets.none")}</p>}
      <ul className="flex flex-col gap-4">
        {budgets?.map((budget) => (
          <Budget key={budget.id} budget={budget} />
        ))}
      </ul>
      {making && <NewBudget onClose={() => setMaking(false)} />}
    </Card>
  );
}

function Budget({ budget: { id, of, period, credits, spent, left } }: { budget: BudgetView }) {
  const t = useText();
  const format = useFormat();
  const remove = useAction({ run: removeBudget, changes: [["budgets"]] });
  const share = Math.min(1, Number(credits) === 0 ? 1 : Number(spent) / Number(credits));
  const isOver = Number(left) <= 0;
  const name = t(`budget.of.${of.kind}`, { name: of.name ?? of.id ?? "" });
  return (
    <li className="flex items-center gap-3">
      <div className="min-w-0 grow">
        <p className="flex flex-wrap justify-between gap-x-4">
          <span className="font-medium [overflow-wrap:anywhere]">{name}</span>
          <span className={isOver ? "text-bad" : "text-quiet"}>
            {t("budget.spent", { spent: format.credits(spent), credits: format.credits(credits), period: t(`period.${period}`) })}
            {isOver && ` · ${t("budget.over")}`}
          </span>
        </p>
        <Bar label={name} done={share} total={1} tone={isOver ? "bad" : "accent"} className="mt-1.5 h-1.5" />
      </div>
      <IconButton
        size="small"
        icon={Trash2}
        needs="edit"
        label={format.named(t("budget.remove"), name)}
        onClick={() => remove.mutate(id)}
      />
    </li>
  );
}

const PERIODS = ["day", "month", "total"] as const satisfies readonly PutBudgetBody["period"][];
const AMOUNT = /^[0-9]{1,15}(\.[0-9]{1,12})?$/;

function NewBudget({ onClose }: { onClose: () => void }) {
  const t = useText();
  const [workflow, setWorkflow] = useState("");
  const [period, setPeriod] = useState<PutBudgetBody["period"]>("month");
  const [credits, setCredits] = useState("");
  const [tried, setTried] = useState(false);
  const put = useAction({ run: putBudget, changes: [["budgets"]], onDone: onClose });
  const submit = () => {
    setTried(true);
    const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (AMOUNT.test(credits)) put.mutate({ ...(workflow !== "" && { workflow }), period, credits, timeZone });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("budget.new")}
      actions={
        <Button kind="primary" disabled={put.isPending} onClick={submit}>
          {t("budget.save")}
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label={t("budget.workflow")}>
          {(control) => (
            <WorkflowSelect
              {...control}
              none={t("budget.everything")}
              value={workflow}
              onChange={(event) => setWorkflow(event.target.value)}
            />
          )}
        </Field>
        <Field label={t("budget.period")}>
          {(control) => (
            <Select
              {...control}
              value={period}
              onChange={({ target }) => setPeriod(PERIODS.find((one) => one === target.value) ?? "month")}
            >
              {PERIODS.map((one) => (
                <option key={one} value={one}>
                  {t(`period.${one}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t("budget.credits")} error={tried && !AMOUNT.test(credits) ? t("budget.credits.bad") : null} required>
          {(control) => (
            <TextInput
              {...control}
              inputMode="decimal"
              value={credits}
              onChange={(event) => setCredits(event.target.value.normalize("NFKC").trim())}
            />
          )}
        </Field>
      </div>
    </Dialog>
  );
}
