import { TerminalError } from "@millrace/engine";
import type { VaultKind } from "#store/vault-store";

/** What `open` answers. @throws TerminalError `missing_reference` with the fix, where it throws. */
export function unsealed<T>(kind: VaultKind, name: string, open: () => T): T {
  try {
    return open();
  } catch {
    throw new TerminalError(
      "missing_reference",
      `The ${kind} ${name} cannot be opened: it is damaged, or was sealed with another key. Set it again: millrace ${kind}s set ${name}`,
    );
  }
}
