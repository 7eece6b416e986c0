import type { Permission } from "@millrace/contract";
import { createContext, use } from "react";
import { useText } from "#ui/text.ts";

/** May whoever is signed in do what needs this permission? The frame of the pages says it; the server decides. */
export type May = (needs: Permission) => boolean;

const MayContext = createContext<May>(() => true);

/** Gives what stands inside of it the answer. */
export const MayProvider = MayContext.Provider;

export function useMay(): May {
  return use(MayContext);
}

/** Why something cannot be done, in the language of the page; null: it can, or it needs nothing. */
export function useRefusal(needs: Exclude<Permission, "view"> | undefined): string | null {
  const t = useText();
  const may = useMay();
  return needs === undefined || may(needs) ? null : t(`needs.${needs}`);
}
