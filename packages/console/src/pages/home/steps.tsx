import { Link, useNavigate } from "@tanstack/react-router";
import { Circle, CircleCheck, Play } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { HomeView } from "#api/home.ts";
import { CurlDialog } from "#pages/home/curl-dialog.tsx";
import { useText } from "#pages/home/text.ts";
import { NewWorkflow } from "#parts/new-workflow/new-workflow.tsx";
import { TemplateGallery } from "#parts/templates/cards.tsx";
import { KNOWN_TEMPLATES } from "#parts/templates/shown.ts";
import { useTemplates } from "#parts/templates/use-templates.ts";
import { useFormat } from "#text/format.ts";
import { Button, buttonClass } from "#ui/button.tsx";
import { Card } from "#ui/page.tsx";

/** To the first result. The boxes tick themselves, by what the server knows. */
export function Steps({ home, onDismiss }: { home: HomeView; onDismiss: () => void }) {
  const t = useText();
  const format = useFormat();
  const { steps, readyMs } = home;
  return (
    <Card
      title={t("steps")}
      actions={
        <Button size="small" kind="quiet" onClick={onDismiss}>
          {t("steps.dismiss")}
        </Button>
      }
    >
      <ul aria-label={t("steps")} className="flex flex-col gap-1">
        <Step done title={readyMs === undefined ? t("step.server") : t("step.server.in", { time: format.duration(readyMs) })} />
        <Step done={steps.ran} title={t("step.run")} hint={t("step.run.hint")}>
          <RunExample home={home} />
        </Step>
        <Step done={steps.called} title={t("step.curl")} hint={t("step.curl.hint")}>
          <CallIt home={home} />
        </Step>
        <Step done={steps.built} title={t("step.build")}>
          <BuildOwn />
        </Step>
        <Step done={steps.connected} title={t("step.model")} hint={t("step.model.hint")}>
          <Link to="/connections" className={buttonClass("plain", "small")}>
            {t("connect")}
          </Link>
        </Step>
      </ul>
    </Card>
  );
}

interface StepProps {
  readonly done: boolean;
  readonly title: string;
  readonly hint?: string;
  readonly children?: ReactNode;
}

function Step({ done, title, hint, children }: StepProps) {
  const t = useText();
  const Icon = done ? CircleCheck : Circle;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1.5 py-1.5">
      <span role="status" aria-label={done ? t("step.done", { title }) : t("step.open", { title })} className="flex">
        <Icon size={18} aria-hidden="true" className={done ? "text-good" : "text-line-strong"} />
      </span>
      <span className="min-w-40 grow basis-48">
        <span className={done ? "text-quiet" : "font-medium"}>{title}</span>
        {hint !== undefined && <span className="block text-sm text-quiet">{hint}</span>}
      </span>
      {children !== undefined && <span className="flex flex-wrap gap-2 max-sm:ps-8">{children}</span>}
    </li>
  );
}

function RunExample({ home: { steps, example } }: { home: HomeView }) {
  const t = useText();
  const { run, isBusy } = useTemplates();
  const [template] = KNOWN_TEMPLATES;
  return (
    <Button
      size="small"
      kind={steps.ran ? "plain" : "primary"}
      icon={Play}
      needs="edit"
      disabled={isBusy}
      onClick={() => run({ template, workflow: example?.id })}
    >
      {t("run.now")}
    </Button>
  );
}

function CallIt({ home: { example, recent } }: { home: HomeView }) {
  const t = useText();
  const [open, setOpen] = useState(false);
  const [other] = recent.filter(({ liveVersion }) => liveVersion !== undefined);
  const called = example ?? other;
  return (
    <>
      <Button size="small" disabled={!called} title={called ? undefined : t("curl.none")} onClick={() => setOpen(true)}>
        {t("curl.show")}
      </Button>
      {open && called && <CurlDialog workflow={called.id} onClose={() => setOpen(false)} />}
    </>
  );
}

function BuildOwn() {
  const t = useText();
  const navigate = useNavigate();
  const [open, setOpen] = useState<"blank" | "templates" | null>(null);
  return (
    <>
      <Button size="small" needs="edit" onClick={() => setOpen("blank")}>
        {t("build.blank")}
      </Button>
      <Button size="small" needs="edit" onClick={() => setOpen("templates")}>
        {t("build.template")}
      </Button>
      {open === "blank" && (
        <NewWorkflow
          onClose={() => setOpen(null)}
          onMade={(id) => void navigate({ to: "/workflows/$workflow/edit", params: { workflow: id } })}
        />
      )}
      {open === "templates" && <TemplateGallery onClose={() => setOpen(null)} />}
    </>
  );
}
