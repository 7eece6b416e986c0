/** Every bound of the way out, in one place. Bytes, characters, milliseconds or counts, as the name says. */

/** 8 KiB, the same bound as for URLs that come in. */
export const MAX_URL_CHARS = 8 * 1024;

/** The largest real round-robin sets have about thirty records; a longer answer is refused, never cut, because every record must be judged. */
export const MAX_DNS_RECORDS = 64;

/** A name that has not resolved by then will not, and the caller is waiting. */
export const RESOLVE_LIMIT_MS = 10_000;

/** TCP and TLS together, for one address. */
export const CONNECT_LIMIT_MS = 10_000;

/** Addresses of one name that are tried when a connection fails at once; a time-out ends the request. */
export const MAX_ADDRESSES_TRIED = 3;

/** Whole request, redirects and body included. */
export const DEFAULT_TIMEOUT_MS = 30_000;

/** The longest delay that a Node timer can hold; a longer one would fire at once. */
export const MAX_TIMEOUT_MS = 2 ** 31 - 1;

export const DEFAULT_MAX_BYTES = 10 * 1024 * 1024;

/** 2 GiB - 1: a larger body is a file transfer, not an answer to hold in memory. */
export const LARGEST_MAX_BYTES = 2 ** 31 - 1;

/** Of an answer that is read while it comes: what has come and waits for its reader. Beyond it the other side waits. */
export const MAX_UNREAD_BYTES = 256 * 1024;

/** One chain of redirects. */
export const MAX_REDIRECTS = 5;

/** Names and values of a request together; servers commonly refuse more. */
export const MAX_REQUEST_HEADER_BYTES = 16 * 1024;

export const MAX_REQUEST_HEADERS = 100;

/** Names and values of an answer together. */
export const MAX_RESPONSE_HEADER_BYTES = 16 * 1024;

/** Decompressed to compressed. */
export const MAX_EXPANSION = 100;

/** Below this decoded size the ratio is not looked at: short repetitive answers are common and harmless. */
export const EXPANSION_FLOOR_BYTES = 64 * 1024;

/** Content codings of one answer; a real server applies one. */
export const MAX_CODINGS = 2;

/** Open sockets to one origin at one address; further requests wait for a free one. */
export const MAX_SOCKETS_PER_ORIGIN = 256;

/** Idle time of a pooled socket when the server names none; below the idle limit of common servers (5 s), so that we close first. */
export const KEEP_ALIVE_MS = 4_000;

/** The longest idle time that a server can ask for. */
export const MAX_KEEP_ALIVE_MS = 60_000;

/** Listing the interfaces costs a system call; addresses change rarely. */
export const OWN_ADDRESSES_MAX_AGE_MS = 1_000;
