/** What is to be done once, however many processes share a store. */
export interface Duties {
  /** This process sees to them from now on. May be called again after `end`. */
  begin(): Promise<void>;
  /** It no longer does: another one may. Resolves when nothing of them is under way any more. */
  end(): Promise<void>;
}
