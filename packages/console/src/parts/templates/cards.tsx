import { useQuery } from "@tanstack/react-query";
import { Pencil, Play } from "lucide-react";
import { type TemplateView, templatesQuery } from "#api/home.ts";
import { inOrder, knownTemplate } from "#parts/templates/shown.ts";
import { useText } from "#parts/templates/text.ts";
import { useTemplates } from "#parts/templates/use-templates.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { ErrorNotice, Skeleton } from "#ui/notice.tsx";

/** Templates as cards, to be opened in the editor or run at once. */
export function TemplateCards({ most = Number.POSITIVE_INFINITY }: { most?: number }) {
  const { data: templates, error, refetch } = useQuery(templatesQuery);
  const { edit, run, isBusy } = useTemplates();
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (!templates) return <Skeleton rows={3} />;
  return (
    <ul className="grid w-full grid-cols-[repeat(auto-fill,minmax(min(100%,15.5rem),1fr))] gap-3 text-start">
      {inOrder(templates)
        .slice(0, most)
        .map((template) => (
          <Template
            key={template.name}
            template={template}
            busy={isBusy}
            onEdit={() => edit(template.name)}
            onRun={() => run({ template: template.name })}
          />
        ))}
    </ul>
  );
}

interface TemplateProps {
  readonly template: TemplateView;
  readonly busy: boolean;
  readonly onEdit: () => void;
  readonly onRun: () => void;
}

function Template({ template, busy, onEdit, onRun }: TemplateProps) {
  const t = useText();
  const known = knownTemplate(template.name);
  const title = known === null ? template.workflow : t(`title.${known}`);
  return (
    <li className="flex flex-col gap-2 rounded-lg border border-line bg-surface p-4">
      <h3 className="font-semibold [overflow-wrap:anywhere]">{title}</h3>
      <p className="grow text-sm text-quiet">{known === null ? template.summary : t(`text.${known}`)}</p>
      <div className="mt-1 flex flex-wrap gap-2">
        <Button size="small" icon={Pencil} needs="edit" disabled={busy} onClick={onEdit} aria-label={t("use.of", { title })}>
          {t("use")}
        </Button>
        <Button size="small" kind="quiet" icon={Play} needs="edit" disabled={busy} onClick={onRun} aria-label={t("run.of", { title })}>
          {t("run")}
        </Button>
      </div>
    </li>
  );
}

/** All of them. */
export function TemplateGallery({ onClose }: { onClose: () => void }) {
  const t = useText();
  return (
    <Dialog open wide onClose={onClose} title={t("title")} description={t("lead")}>
      <TemplateCards />
    </Dialog>
  );
}
