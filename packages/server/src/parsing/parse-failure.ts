/** A file cannot be read, and the message says why, as the end of a sentence: "it is protected by a password". */
export class ParseFailure extends Error {}
