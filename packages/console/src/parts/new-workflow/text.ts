import en from "#parts/new-workflow/messages/en.ts";
import { textOf } from "#text/text.tsx";

export const useText = textOf("parts/new-workflow", en);
