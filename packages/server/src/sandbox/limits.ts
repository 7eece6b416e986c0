const MIB = 1024 * 1024;

/** Wall time of one call, when the caller names none. */
export const DEFAULT_TIMEOUT_MS = 10_000;

/** The longest wall time that a call may ask for: above ten minutes a sandbox process is a leak. */
export const MAX_TIMEOUT_MS = 600_000;

/** Memory of the guest, in bytes, when the caller names none. */
export const DEFAULT_MEMORY_BYTES = 64 * MIB;

/** The least memory that a call may ask for: the guest's own library and a small program take a few hundred KiB of it. */
export const MIN_MEMORY_BYTES = MIB;

/** The most memory that a call may ask for; the WASM memory cannot grow beyond it. */
export const MAX_MEMORY_BYTES = 512 * MIB;

/** JavaScript stack of the guest, in bytes. */
export const STACK_BYTES = 512 * 1024;

/**
 * Stack that a program gets at first, in bytes: some 400 nested calls. What a call may have touched is wiped before the next one, and
 * 512 KiB take longer than most programs run; a program that needs more is run again with all of it, and from then on at once.
 */
export const SMALL_STACK_BYTES = 96 * 1024;

/** JSON text of a result, in bytes. */
export const MAX_RESULT_BYTES = 1_000_000;

/** Nesting of a result: what is stored must be writable again by every reader. */
export const MAX_RESULT_DEPTH = 100;

/** JSON text of the inputs, in bytes: their text, its UTF-16 form and the parsed tree must all fit into the default memory. */
export const MAX_INPUT_BYTES = 16 * MIB;

/** Source text of one program, in characters: the parser's worst case (many names in one scope) grows with the square of it. */
export const MAX_CODE_CHARS = 65_536;

/** Steps of a template at most: some tenths of a second. */
export const TEMPLATE_FUEL = 2_000_000;

/** Memory of the interpreter of templates: the template, its values and the text that it makes. */
export const TEMPLATE_MEMORY_BYTES = 128 * MIB;

/** Wall time of a template, when the caller names none. */
export const TEMPLATE_TIMEOUT_MS = 5_000;

/** Console text that is kept, in characters as the guest counts them and in bytes as the caller gets them. */
export const MAX_LOG_BYTES = 64 * 1024;

/** Console text that a call may write at all, in characters; beyond it the call ends: a flood is a fault, not a log. */
export const MAX_LOG_WRITTEN = MIB;

/** Characters of an error message. */
export const MAX_MESSAGE_CHARS = 1_000;

/** Frames of an error's stack. */
export const MAX_FRAMES = 50;

/** How long after a call's deadline its process is killed: the engine's own deadline answers first where it is polled. */
export const KILL_GRACE_MS = 100;

/** Processes when the option is absent: one a core of the smallest machine that is supported. */
export const DEFAULT_POOL_SIZE = 2;

/** A call that runs longer than this is slow: calls sent behind it go elsewhere. */
export const SLOW_CALL_MS = 25;

/** A call that runs longer than this holds its process for itself: another may be started in its place. About the time of a start. */
export const LONG_CALL_MS = 100;

/** Calls that may wait inside one process: enough to hide the way between two processes, few enough to move. */
export const MAX_CALLS_AHEAD = 16;

/** Bytes that may wait inside one process: a pipe of the operating system holds about as much. */
export const MAX_BYTES_AHEAD = 128 * 1024;

/** Calls after which a process is replaced: bounds any slow leak around the engine; its start costs about 1 µs a call then. */
export const CALLS_PER_PROCESS = 100_000;

/** Programs that one process knows: their sources are at most 64 x 64 Ki characters. */
export const PROGRAMS_PER_PROCESS = 64;

/** Snapshots of loaded programs that one process keeps, in bytes; a program without one is compiled again. */
export const IMAGE_BYTES_PER_PROCESS = 32 * MIB;

/** WASM memory above which a process is replaced after the call: the memory cannot shrink, and it is wiped for every call. */
export const KEPT_MEMORY_BYTES = 32 * MIB;

/** How long a process may take from its start to its first word. */
export const START_TIMEOUT_MS = 10_000;

/** Failed starts in a row after which waiting calls are refused. */
export const MAX_FAILED_STARTS = 3;

/** How often a call is tried whose process died under it: once more, in case the death had another cause. */
export const MAX_ATTEMPTS = 2;
