import { createContext, useContext } from "react";

const SharedLink = createContext<string | null>(null);

/** Around what a stranger looks at: the token of the link that shows it. */
export const SharedBy = SharedLink.Provider;

/** The token that this page is read by; null: its reader is signed in, and may do what members do. */
export function useSharedLink(): string | null {
  return useContext(SharedLink);
}
