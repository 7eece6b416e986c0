import en from "#app/keys/messages/en.ts";
import { textOf } from "#text/text.tsx";

export const useText = textOf("app/keys", en);
