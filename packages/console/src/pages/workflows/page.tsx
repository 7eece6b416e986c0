import type { ImportAnswer, WorkflowSummary } from "@millrace/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { FilePlus, LayoutTemplate, Plus, Upload, Workflow } from "lucide-react";
import { type DragEvent, useRef, useState } from "react";
import { importFile, workflowsQuery } from "#api/workflows.ts";
import { useAction } from "#app/use-action.ts";
import { ImportReport } from "#pages/workflows/import-report.tsx";
import { WorkflowTable } from "#pages/workflows/table.tsx";
import { useText } from "#pages/workflows/text.ts";
import { NewWorkflow } from "#parts/new-workflow/new-workflow.tsx";
import { TemplateCards, TemplateGallery } from "#parts/templates/cards.tsx";
import { Button } from "#ui/button.tsx";
import { CodeBlock } from "#ui/copy.tsx";
import { TextInput } from "#ui/field.tsx";
import { Menu } from "#ui/menu.tsx";
import { More } from "#ui/more.tsx";
import { ErrorNotice, Skeleton } from "#ui/notice.tsx";
import { Empty, Page } from "#ui/page.tsx";

export default function WorkflowsPage() {
  const t = useText();
  const list = useInfiniteQuery(workflowsQuery);
  const { data: workflows, error, refetch } = list;
  const navigate = useNavigate();
  const [open, setOpen] = useState<"blank" | "templates" | null>(null);
  const [report, setReport] = useState<ImportAnswer | null>(null);
  const file = useRef<HTMLInputElement>(null);
  const imported = useAction({
    run: importFile,
    done: (answer: ImportAnswer) => t("imported", { names: answer.workflows.map(({ name }) => name).join(", ") }),
    changes: [["workflows"]],
    onDone: (answer) => answer.warnings.length > 0 && setReport(answer),
  });
  const drop = (event: DragEvent) => {
    const [dropped] = event.dataTransfer.files;
    if (!dropped) return;
    event.preventDefault();
    imported.mutate(dropped);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a file can be dropped anywhere; the menu does the same by keyboard
    <div className="grow" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
      <Page
        wide
        title={t("title")}
        actions={
          <Menu
            trigger={
              <Button kind="primary" icon={Plus}>
                {t("new")}
              </Button>
            }
            items={[
              { key: "blank", label: t("new.blank"), icon: FilePlus, onSelect: () => setOpen("blank") },
              { key: "template", label: t("new.template"), icon: LayoutTemplate, onSelect: () => setOpen("templates") },
              { key: "import", label: t("new.import"), icon: Upload, onSelect: () => file.current?.click() },
            ]}
          />
        }
      >
        <input
          ref={file}
          type="file"
          hidden
          accept=".flow,.yaml,.yml,.json"
          aria-label={t("new.import")}
          onChange={(event) => {
            const [chosen] = event.target.files ?? [];
            if (chosen) imported.mutate(chosen);
            event.target.value = "";
          }}
        />
        {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
        {!workflows && !error && <Skeleton />}
        {workflows?.length === 0 && (
          <Empty icon={Workflow} title={t("empty")}>
            <TemplateCards most={3} />
            <CodeBlock text="npx millrace deploy --publish" />
            <p className="text-sm text-quiet">{t("drop")}</p>
          </Empty>
        )}
        {workflows && workflows.length > 0 && <Found workflows={workflows} />}
        <More pages={list} />
      </Page>
      {open === "blank" && (
        <NewWorkflow
          onClose={() => setOpen(null)}
          onMade={(id) => void navigate({ to: "/workflows/$workflow/edit", params: { workflow: id } })}
        />
      )}
      {open === "templates" && <TemplateGallery onClose={() => setOpen(null)} />}
      {report && <ImportReport report={report} onClose={() => setReport(null)} />}
    </div>
  );
}

/** NFKC, so that width and compatibility forms make no difference. */
function plain(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}

function Found({ workflows }: { workflows: readonly WorkflowSummary[] }) {
  const t = useText();
  const [name, setName] = useState("");
  const found = workflows.filter((one) => plain(one.name).includes(plain(name.trim())));
  return (
    <>
      <TextInput
        className="max-w-xs"
        aria-label={t("filter")}
        placeholder={t("filter")}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      {found.length === 0 ? <p className="text-quiet">{t("filter.none")}</p> : <WorkflowTable workflows={found} />}
      <p className="text-sm text-quiet max-sm:hidden">{t("drop")}</p>
    </>
  );
}
