import type {
  AddDocumentBody,
  CreateKnowledgeBody,
  DocumentView,
  KnowledgeView,
  SearchAnswer,
  SearchBody,
  UploadAnswer,
} from "@millrace/contract";
import { queryOptions } from "@tanstack/react-query";
import { call, path } from "#api/client.ts";
import { allQuery, listQuery } from "#api/pages.ts";

const at = (...segments: readonly string[]) => path("api", "v1", "knowledge", ...segments);

export const basesQuery = listQuery<KnowledgeView>("knowledge", "/api/v1/knowledge");

export const allBasesQuery = allQuery<KnowledgeView>("knowledge", "/api/v1/knowledge");

export const baseQuery = (base: string) =>
  queryOptions({ queryKey: ["knowledge-base", base], queryFn: ({ signal }) => call<KnowledgeView>(at(base), { signal }) });

export const documentsQuery = (base: string) => listQuery<DocumentView>(`documents of ${base}`, at(base, "documents"));

export const createBase = (body: CreateKnowledgeBody) => call<KnowledgeView>("/api/v1/knowledge", { method: "POST", body });

export const deleteBase = (base: string) => call<void>(at(base), { method: "DELETE" });

export const addDocument = ({ base, ...body }: AddDocumentBody & { readonly base: string }) =>
  call<DocumentView>(at(base, "documents"), { method: "POST", body });

/** A document of the same name is replaced. */
export function uploadFiles({ base, files }: { readonly base: string; readonly files: readonly File[] }): Promise<UploadAnswer> {
  const body = new FormData();
  for (const file of files) body.append("file", file, file.name);
  return call<UploadAnswer>(at(base, "files"), { method: "POST", body });
}

interface DocumentRef {
  readonly base: string;
  readonly document: string;
}

export const reindex = ({ base, document }: DocumentRef) =>
  call<void>(at(base, "documents", document, "reindex"), { method: "POST", body: {} });

export const removeDocument = ({ base, document }: DocumentRef) => call<void>(at(base, "documents", document), { method: "DELETE" });

export const searchBase = ({ base, ...body }: SearchBody & { readonly base: string }) =>
  call<SearchAnswer>(at(base, "search"), { method: "POST", body });
