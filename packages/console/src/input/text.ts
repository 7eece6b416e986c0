import en from "#input/messages/en.ts";
import { textOf } from "#text/text.tsx";

export const useText = textOf("input", en);
