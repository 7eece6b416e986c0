import type { KnowledgeView } from "@millrace/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { BookOpen, Plus } from "lucide-react";
import { useState } from "react";
import { path } from "#api/client.ts";
import { basesQuery, createBase } from "#api/knowledge.ts";
import { useAction } from "#app/use-action.ts";
import { useText } from "#pages/knowledge/text.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { Field, TextArea, TextInput } from "#ui/field.tsx";
import { More } from "#ui/more.tsx";
import { ErrorNotice, Skeleton } from "#ui/notice.tsx";
import { Empty, Page } from "#ui/page.tsx";

export default function KnowledgePage() {
  const t = useText();
  const list = useInfiniteQuery(basesQuery);
  const { data: bases, error, refetch, isPending } = list;
  const [creating, setCreating] = useState(false);
  const create = (
    <Button kind="primary" icon={Plus} needs="edit" onClick={() => setCreating(true)}>
      {t("new")}
    </Button>
  );
  const isEmpty = bases?.length === 0;
  return (
    <Page title={t("title")} lead={t("lead")} actions={!isEmpty && create}>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {isPending && !error && <Skeleton rows={3} />}
      {isEmpty && (
        <Empty icon={BookOpen} title={t("empty")}>
          {create}
        </Empty>
      )}
      <ul className="grid grid-cols-1 gap-3 md:grid-cols-2">
        {bases?.map((base) => (
          <Base key={base.id} base={base} />
        ))}
      </ul>
      <More pages={list} />
      {creating && <NewBase onClose={() => setCreating(false)} />}
    </Page>
  );
}

function Base({ base: { id, name, description, documents, passages, waiting, failed, embeddingModel } }: { base: KnowledgeView }) {
  const t = useText();
  return (
    <li className="relative flex flex-col gap-2 rounded-lg border border-line bg-surface p-4 hover:border-line-strong">
      <h2 className="font-semibold [overflow-wrap:anywhere]">
        {/* The whole card leads there. */}
        <Link to={path("knowledge", id)} className="after:absolute after:inset-0 after:rounded-lg">
          {name}
        </Link>
      </h2>
      {description !== undefined && <p className="line-clamp-2 text-quiet">{description}</p>}
      <p className="mt-auto flex flex-wrap gap-x-3 text-sm text-quiet">
        <span>{t("documents", { count: documents })}</span>
        <span>{t("passages", { count: passages })}</span>
        {waiting > 0 && <span className="text-busy">{t("waiting", { count: waiting })}</span>}
        {failed > 0 && <span className="text-bad">{t("failed", { count: failed })}</span>}
        <span>{embeddingModel === undefined ? t("by.words") : t("by.meaning", { model: embeddingModel })}</span>
      </p>
    </li>
  );
}

function NewBase({ onClose }: { onClose: () => void }) {
  const t = useText();
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [language, setLanguage] = useState("");
  const [embeddingModel, setEmbeddingModel] = useState("");
  const [tried, setTried] = useState(false);
  const create = useAction({
    run: createBase,
    changes: [["knowledge"]],
    onDone: ({ id }) => void navigate({ to: path("knowledge", id) }),
  });
  const submit = () => {
    setTried(true);
    if (name.trim() === "") return;
    create.mutate({
      name: name.trim(),
      ...(description !== "" && { description }),
      ...(language !== "" && { language }),
      ...(embeddingModel !== "" && { embeddingModel }),
    });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("new")}
      actions={
        <Button kind="primary" disabled={create.isPending} onClick={submit}>
          {t("form.action")}
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label={t("form.name")} error={tried && name.trim() === "" ? t("form.name.needed") : null} required>
          {(control) => <TextInput {...control} maxLength={200} value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <Field label={t("form.description")}>
          {(control) => (
            <TextArea
              {...control}
              rows={2}
              maxLength={2_000}
              value={description}
              onChange={(event) => setDescription(event.target.value)}
            />
          )}
        </Field>
        <Field label={t("form.language")} hint={t("form.language.hint")}>
          {(control) => <TextInput {...control} value={language} onChange={(event) => setLanguage(event.target.value.trim())} />}
        </Field>
        <Field label={t("form.embedding")} hint={t("form.embedding.hint")}>
          {(control) => (
            <TextInput {...control} value={embeddingModel} onChange={(event) => setEmbeddingModel(event.target.value.trim())} />
          )}
        </Field>
      </div>
    </Dialog>
  );
}
