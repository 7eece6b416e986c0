import en from "#pages/errors/messages/en.ts";
import { textOf } from "#text/text.tsx";

export const useText = textOf("pages/errors", en);
