import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { FileQuestion } from "lucide-react";
import { ApiError } from "#api/client.ts";
import { errorPageQuery } from "#api/error-pages.ts";
import { useText } from "#pages/errors/text.ts";
import { OpenHeader } from "#parts/open-header.tsx";
import { useLanguage } from "#text/text.tsx";
import { ErrorNotice, Skeleton } from "#ui/notice.tsx";
import { Empty, useTitle } from "#ui/page.tsx";
import { Prose } from "#ui/prose.tsx";

/** The page of one error, from the documentation that the server carries. For everyone: it needs no session. */
export default function ErrorPage() {
  const { type } = useParams({ from: "/errors/$type" });
  const t = useText();
  const { language } = useLanguage();
  const { data, error, refetch } = useQuery(errorPageQuery(type, language));
  useTitle(type);
  const unknown = error instanceof ApiError && error.status === 404;
  return (
    <div className="min-h-dvh">
      <OpenHeader />
      <main id="main" className="mx-auto flex max-w-3xl flex-col gap-4 px-4 py-8">
        {unknown && <Empty icon={FileQuestion} title={t("missing", { type })} />}
        {error && !unknown && <ErrorNotice error={error} onRetry={() => void refetch()} />}
        {!data && !error && <Skeleton />}
        {data && <Prose text={namingDocuments(data)} />}
      </main>
    </div>
  );
}

/** What such a page refers to is no page of this server: it is named, with the file that it is among the documents. */
function namingDocuments(text: string): string {
  return text.replace(/\[([^\]]+)\]\((?:\.\.\/)+([\w-]+\.md)(?:#[^)]*)?\)/g, "*$1* (`docs/$2`)");
}
