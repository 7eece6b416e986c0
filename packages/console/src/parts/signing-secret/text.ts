import en from "#parts/signing-secret/messages/en.ts";
import { textOf } from "#text/text.tsx";

export const useText = textOf("parts/signing-secret", en);
