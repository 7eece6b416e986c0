import en from "#app/messages/en.ts";
import { textOf } from "#text/text.tsx";

export const useText = textOf("app", en);
