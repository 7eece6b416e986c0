// For whoever imports it late: in a bundle a late import of CommonJS has no names, and one of this file has.
export { parse, stringify } from "yaml";
