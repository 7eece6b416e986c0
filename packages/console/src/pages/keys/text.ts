import en from "#pages/keys/messages/en.ts";
import { textOf } from "#text/text.tsx";

export const useText = textOf("pages/keys", en);
