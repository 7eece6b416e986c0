/** Ports are written in edges, `check.<port> -> next`: no blanks, no dots, no braces. */
export const PORT_PATTERN = "^[A-Za-z0-9_][A-Za-z0-9_-]*$";

export const MAX_PORT_CHARACTERS = 100;

/** The port that every node has under `onError: branch`. */
export const ERROR_PORT = "error";
