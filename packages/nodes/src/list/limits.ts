/** Items of a list that is sorted or filtered: it is done at once, and everybody else waits for it. */
export const MAX_LIST_ITEMS = 100_000;

/** Comparisons that an item has to pass, and keys to sort by. */
export const MAX_ROWS = 50;
export const MAX_SORT_KEYS = 10;
