/** Why something of an OpenAPI document is not used: the end of a sentence. */
export class Unusable extends Error {}
