import { Button } from "#ui/button.tsx";
import { useText } from "#ui/text.ts";

interface Pages {
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly fetchNextPage: () => unknown;
}

/** The next page of a list, where there is one. */
export function More({ pages }: { pages: Pages }) {
  const t = useText();
  if (!pages.hasNextPage) return null;
  return (
    <Button className="self-center" disabled={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
      {t("page.more")}
    </Button>
  );
}
