const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u;

/** Words that cannot name a variable in a function that may be strict and may be async. */
const RESERVED = new Set(
  [
    "arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for",
    "function if implements import in instanceof interface let new null package private protected public return static super switch this",
    "throw true try typeof var void while with yield",
  ].flatMap((words) => words.split(" ")),
);

/** These two always name the object of all inputs; an input of that name is its member. */
const TAKEN = new Set(["inputs", "params"]);

/** The inputs that a function body sees as variables: those that it mentions and that can name one. */
export function inputNames(inputs: object, mentioned: ReadonlySet<string>): string[] {
  return Object.keys(inputs).filter((name) => mentioned.has(name) && !RESERVED.has(name) && !TAKEN.has(name) && IDENTIFIER.test(name));
}
