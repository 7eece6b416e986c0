import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { SearchX } from "lucide-react";
import { type FormEvent, useDeferredValue, useEffect, useMemo, useState } from "react";
import { type ApiDocument, apiQuery } from "#api/openapi.ts";
import { type Group, groupsOf } from "#pages/reference/document.ts";
import { inLanguage, referenceTexts } from "#pages/reference/in-language.ts";
import { OperationView } from "#pages/reference/operation.tsx";
import { ReferenceDocument } from "#pages/reference/schema-view.tsx";
import { useText } from "#pages/reference/text.ts";
import { OpenHeader } from "#parts/open-header.tsx";
import { useLanguage } from "#text/text.tsx";
import { Button } from "#ui/button.tsx";
import { Field, TextInput } from "#ui/field.tsx";
import { ErrorNotice, Skeleton } from "#ui/notice.tsx";
import { Empty, useTitle } from "#ui/page.tsx";
import { Prose } from "#ui/prose.tsx";

/** The HTTP API as this server describes it. For everyone: it needs no session. */
export default function ReferencePage() {
  const t = useText();
  const [key, setKey] = useState("");
  const { language } = useLanguage();
  const api = useQuery(apiQuery(key));
  const texts = useQuery(textsQuery(language));
  const document = useMemo(() => api.data && texts.data && inLanguage(api.data, texts.data), [api.data, texts.data]);
  const failed = [api, texts].find(({ error }) => error !== null);
  useTitle(t("title"));
  return (
    <div className="min-h-dvh">
      <OpenHeader />
      <main id="main" className="mx-auto flex w-full max-w-6xl flex-col gap-5 px-4 py-8">
        <h1 className="text-2xl leading-tight font-semibold">{t("title")}</h1>
        <KeyForm onUse={setKey} />
        {failed && <ErrorNotice error={failed.error} onRetry={() => void failed.refetch()} />}
        {!document && !failed && <Skeleton />}
        {document && <Reference document={document} />}
      </main>
    </div>
  );
}

function textsQuery(language: string) {
  return queryOptions({
    queryKey: ["reference-texts", language],
    queryFn: () => referenceTexts(language),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });
}

/** The key stays in this page's memory and goes to this server alone. */
function KeyForm({ onUse }: { onUse: (key: string) => void }) {
  const t = useText();
  const [key, setKey] = useState("");
  const use = (event: FormEvent) => {
    event.preventDefault();
    onUse(key.trim());
  };
  return (
    <form onSubmit={use} className="max-w-prose">
      <Field label={t("key")} hint={t("key.hint")}>
        {(control) => (
          <span className="flex gap-2">
            <TextInput {...control} type="password" value={key} onChange={(event) => setKey(event.target.value)} />
            <Button type="submit">{t("key.use")}</Button>
          </span>
        )}
      </Field>
    </form>
  );
}

function Reference({ document }: { document: ApiDocument }) {
  const t = useText();
  const [search, setSearch] = useState("");
  const sought = useDeferredValue(search);
  const groups = useMemo(() => groupsOf(document, sought), [document, sought]);
  return (
    <ReferenceDocument value={document}>
      <div className="text-quiet">
        <Prose text={document.info.description} />
      </div>
      <p className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
        <span className="text-quiet">{t("version", { version: document.info.version })}</span>
        <a className="text-accent underline-offset-2 hover:underline" href="/openapi.json">
          {t("document")}
        </a>
      </p>
      <TextInput
        type="search"
        aria-label={t("search")}
        placeholder={t("search")}
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
      {groups.length === 0 && <Empty icon={SearchX} title={t("none", { search: sought })} />}
      <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-[12rem_minmax(0,1fr)]">
        <Contents groups={groups} />
        <Groups groups={groups} />
      </div>
    </ReferenceDocument>
  );
}

function Contents({ groups }: { groups: readonly Group[] }) {
  const t = useText();
  return (
    <nav aria-label={t("contents")} className="max-lg:hidden lg:sticky lg:top-4">
      <ul className="flex flex-col">
        {groups.map(({ name, title, routes }) => (
          <li key={name}>
            <a href={`#${anchorOf(name)}`} className="flex justify-between gap-2 rounded-md px-2 py-1 hover:bg-raised">
              {title} <span className="text-quiet">{routes.length}</span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Groups({ groups }: { groups: readonly Group[] }) {
  const [anchor] = useState(() => decodeURIComponent(location.hash.slice(1)));
  useEffect(() => {
    // Newer browsers answer it with a promise, which is no way to clean up.
    document.getElementById(anchor)?.scrollIntoView();
  }, [anchor]);
  return (
    <div className="flex min-w-0 flex-col gap-6">
      {groups.map(({ name, title, routes }) => (
        <section key={name} aria-labelledby={anchorOf(name)} className="flex flex-col gap-2">
          <h2 id={anchorOf(name)} className="scroll-mt-4 text-lg font-semibold">
            {title}
          </h2>
          {routes.map((route) => (
            <OperationView key={`${route.method} ${route.path}`} route={route} isOpen={route.operation.operationId === anchor} />
          ))}
        </section>
      ))}
    </div>
  );
}

/** The same in each language. Operations have no hyphen in their names. */
function anchorOf(group: string): string {
  return `group-${group.toLowerCase().replaceAll(/[^\p{L}\d]+/gu, "-")}`;
}
