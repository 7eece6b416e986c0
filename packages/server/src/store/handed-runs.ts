/** Stands for the owner of a run that was accepted by a process which drives none: the next one that does takes it. */
export const HANDED = "handed";
