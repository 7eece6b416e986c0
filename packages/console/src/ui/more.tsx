import { useEffect } from "react";
import { Button } from "#ui/button.tsx";
import { useText } from "#ui/text.ts";

/** A list of which more may come. */
export interface Pages {
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly isFetchNextPageError: boolean;
  readonly fetchNextPage: () => unknown;
}

interface MoreProps {
  readonly pages: Pages;
  /** The page looks for something in the list itself, so all of it must be here: the next pages come unasked. */
  readonly seeking?: boolean;
}

/** The next page of a list, where there is one. */
export function More({ pages, seeking = false }: MoreProps) {
  const t = useText();
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = pages;
  useEffect(() => {
    if (seeking && hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage();
  }, [seeking, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);
  if (!hasNextPage) return null;
  return (
    <Button className="self-center" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
      {t("page.more")}
    </Button>
  );
}
