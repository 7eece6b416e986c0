import type { Whoami } from "@millrace/contract";
import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { whoQuery } from "#api/session.ts";
import { dropToken } from "#app/address-token.ts";
import { isOwnPath } from "#pages/sign-in/own-path.ts";

/** What happens when somebody is in: back to where they were, or to the start. */
export function useEnter(): (who: Whoami, to?: string) => void {
  const queries = useQueryClient();
  const router = useRouter();
  return (who, to = "/") => {
    dropToken();
    queries.clear();
    queries.setQueryData(whoQuery.queryKey, who);
    router.history.push(isOwnPath(to) ? to : "/");
  };
}
