import { useMutation } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { useState } from "react";
import { searchBase } from "#api/knowledge.ts";
import { useText } from "#pages/knowledge/text.ts";
import { useFormat } from "#text/format.ts";
import { Button } from "#ui/button.tsx";
import { TextInput } from "#ui/field.tsx";
import { ErrorNotice } from "#ui/notice.tsx";
import { Card } from "#ui/page.tsx";

const PASSAGES = 10;

/** What a node of a workflow would find. */
export function SearchBox({ base }: { base: string }) {
  const t = useText();
  const format = useFormat();
  const [query, setQuery] = useState("");
  const { mutate, data, error, isPending } = useMutation({ mutationFn: searchBase });
  return (
    <Card title={t("search.title")}>
      <search>
        <form
          className="flex gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            if (query.trim() !== "") mutate({ base, query, topK: PASSAGES });
          }}
        >
          <TextInput
            type="search"
            aria-label={t("search.label")}
            placeholder={t("search.label")}
            value={query}
            onChange={(event) => setQuery(event.target.value)}
          />
          <Button type="submit" kind="primary" icon={Search} needs="operate" disabled={isPending || query.trim() === ""}>
            {t("search.action")}
          </Button>
        </form>
      </search>
      {error && <ErrorNotice error={error} />}
      <div aria-live="polite">
        {data?.items.length === 0 && <p className="mt-4 text-quiet">{t("search.none")}</p>}
        <ol className="mt-4 flex flex-col gap-3">
          {data?.items.map(({ text, score, source }) => (
            <li key={source.chunkId} className="rounded-md border border-line p-3">
              <p className="mb-1 flex flex-wrap gap-x-3 text-sm text-quiet">
                <span className="font-medium text-text">{source.documentName}</span>
                {source.page !== null && <span>{t("search.page", { page: source.page })}</span>}
                {source.headings.length > 0 && <span>{source.headings.join(" › ")}</span>}
                <span className="ms-auto">{t("search.score", { score: format.number(Math.round(score * 100) / 100) })}</span>
              </p>
              <p className="line-clamp-6 whitespace-pre-line">{text}</p>
            </li>
          ))}
        </ol>
      </div>
    </Card>
  );
}
