// What people chose in this browser: language, theme, columns. Where storage is switched off the choices live as long as the page.

const unsaved = new Map<string, string>();

export const choices = {
  get(name: string): string | null {
    try {
      return localStorage.getItem(name) ?? unsaved.get(name) ?? null;
    } catch {
      return unsaved.get(name) ?? null;
    }
  },
  /** null forgets. */
  set(name: string, value: string | null): void {
    if (value === null) unsaved.delete(name);
    else unsaved.set(name, value);
    try {
      if (value === null) localStorage.removeItem(name);
      else localStorage.setItem(name, value);
    } catch {
      // Storage is switched off.
    }
  },
};
