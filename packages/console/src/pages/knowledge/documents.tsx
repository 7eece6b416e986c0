import type { DocumentView } from "@millrace/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Ellipsis, RotateCw, Trash2, Upload } from "lucide-react";
import { useRef, useState } from "react";
import { addDocument, documentsQuery, reindex, removeDocument, uploadFiles } from "#api/knowledge.ts";
import { useAction } from "#app/use-action.ts";
import { useText } from "#pages/knowledge/text.ts";
import { useFormat } from "#text/format.ts";
import { Button, IconButton } from "#ui/button.tsx";
import { classes } from "#ui/classes.ts";
import { TextInput } from "#ui/field.tsx";
import { Menu } from "#ui/menu.tsx";
import { More } from "#ui/more.tsx";
import { ErrorNotice, Skeleton } from "#ui/notice.tsx";
import { useMay } from "#ui/permission.tsx";
import { Bar } from "#ui/progress.tsx";
import { type Column, Table } from "#ui/table.tsx";

export function Documents({ base }: { base: string }) {
  const t = useText();
  const may = useMay();
  const list = useInfiniteQuery(documentsQuery(base));
  const { data: documents, error, refetch, isPending } = list;
  return (
    <section className="flex flex-col gap-3">
      {may("edit") && <Add base={base} />}
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {isPending && !error && <Skeleton rows={3} />}
      {documents?.length === 0 && <p className="text-quiet">{t("docs.empty")}</p>}
      {documents && documents.length > 0 && <DocumentTable base={base} documents={documents} />}
      <More pages={list} />
    </section>
  );
}

function Add({ base }: { base: string }) {
  const t = useText();
  const format = useFormat();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [url, setUrl] = useState("");
  const changes = [[`documents of ${base}`], ["knowledge"], ["knowledge-base", base]];
  const upload = useAction({ run: uploadFiles, changes });
  const fetchUrl = useAction({ run: addDocument, changes, onDone: () => setUrl("") });
  const send = (files: FileList | null) => {
    if (files && files.length > 0) upload.mutate({ base, files: [...files] });
  };
  return (
    <div className="flex flex-col gap-3">
      <label
        className={classes(
          "flex cursor-pointer flex-col items-center gap-2 rounded-lg border border-dashed px-4 py-6 text-center",
          over ? "border-accent bg-accent-soft" : "border-line-strong hover:bg-raised",
        )}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          send(event.dataTransfer.files);
        }}
      >
        <Upload size={20} aria-hidden="true" className="text-quiet" />
        <span className="font-medium">{t("upload")}</span>
        <span className="text-sm text-quiet">{t("drop")}</span>
        <input
          ref={input}
          type="file"
          multiple
          className="sr-only"
          onChange={(event) => {
            send(event.target.files);
            event.target.value = "";
          }}
        />
      </label>
      <form
        className="flex gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (url !== "") fetchUrl.mutate({ base, url });
        }}
      >
        <TextInput
          type="url"
          aria-label={t("url")}
          placeholder={format.named(t("url"), "https://…")}
          value={url}
          onChange={(event) => setUrl(event.target.value)}
        />
        <Button type="submit" disabled={url === "" || fetchUrl.isPending}>
          {t("url.add")}
        </Button>
      </form>
    </div>
  );
}

/** What helps, in the language of the page; below it the server's own words. Documents that failed before there were types have only those. */
/** What to do about it in the reader's language; what the server kept of it, which is English, for those who ask. */
function Failure({ of: { error, errorType = "internal" } }: { of: DocumentView }) {
  const t = useText();
  const format = useFormat();
  return (
    <span className="block text-start sm:min-w-48">
      <span className="block text-bad">{format.named(t("state.failed"), t(`failed.${familyOf(errorType)}`))}</span>
      <a href={`/errors/${errorType}`} className="font-mono text-sm text-quiet underline underline-offset-2">
        {errorType}
      </a>
      {error !== undefined && (
        <details className="text-sm text-quiet">
          <summary className="cursor-pointer">{t("failed.details")}</summary>
          <span lang="en" className="[overflow-wrap:anywhere]">
            {error}
          </span>
        </details>
      )}
    </span>
  );
}

function familyOf(errorType: string): "file" | "limit" | "model" | "other" {
  if (errorType === "file_error") return "file";
  if (errorType === "limit_exceeded") return "limit";
  return errorType.startsWith("llm_") || errorType === "missing_reference" ? "model" : "other";
}

function DocumentTable({ base, documents }: { base: string; documents: readonly DocumentView[] }) {
  const t = useText();
  const format = useFormat();
  const changes = [[`documents of ${base}`], ["knowledge"], ["knowledge-base", base]];
  const again = useAction({ run: reindex, changes });
  const remove = useAction({ run: removeDocument, changes });
  const columns: readonly Column<DocumentView>[] = [
    {
      key: "name",
      title: t("col.name"),
      head: true,
      cell: ({ name }) => <span className="inline-block font-medium [overflow-wrap:anywhere] sm:min-w-28">{name}</span>,
    },
    { key: "state", title: t("col.state"), cell: (document) => <Progress of={document} /> },
    { key: "size", title: t("col.size"), end: true, cell: ({ bytes }) => format.bytes(bytes) },
    { key: "changed", title: t("col.changed"), end: true, cell: ({ updatedAt }) => format.relative(updatedAt, Date.now()) },
    {
      key: "menu",
      title: "",
      end: true,
      cell: ({ id, name }) => (
        <Menu
          trigger={<IconButton size="small" icon={Ellipsis} label={t("actions", { name })} />}
          items={[
            { key: "again", label: t("reindex"), icon: RotateCw, needs: "edit", onSelect: () => again.mutate({ base, document: id }) },
            {
              key: "remove",
              label: t("remove"),
              icon: Trash2,
              danger: true,
              needs: "edit",
              onSelect: () => remove.mutate({ base, document: id }),
            },
          ]}
        />
      ),
    },
  ];
  return <Table label={t("title")} rows={documents} columns={columns} rowKey={({ id }) => id} />;
}

function Progress({ of: document }: { of: DocumentView }) {
  const t = useText();
  const { state, done, total } = document;
  if (state === "indexed") return <span className="whitespace-nowrap text-good">{t("state.indexed", { count: done })}</span>;
  if (state === "failed") return <Failure of={document} />;
  if (total === undefined) return <span className="text-busy">{t("state.waiting")}</span>;
  return (
    <span className="inline-flex items-center gap-2 text-busy">
      <Bar label={t("state.progress", { done, total })} done={done} total={Math.max(1, total)} tone="busy" className="h-1.5 w-24" />
      {t("state.progress", { done, total })}
    </span>
  );
}
