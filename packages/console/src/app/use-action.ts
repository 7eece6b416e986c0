import { type QueryKey, useMutation, useQueryClient } from "@tanstack/react-query";
import { ApiError } from "#api/client.ts";
import { useToast } from "#ui/toast.tsx";

interface ActionOptions<Input, Answer> {
  readonly run: (input: Input) => Promise<Answer>;
  /** What is shown once it is done; absent: nothing. */
  readonly done?: (answer: Answer, input: Input) => string;
  /** What the action changes: these lists are asked for anew. */
  readonly changes: readonly QueryKey[];
  readonly onDone?: (answer: Answer, input: Input) => void;
}

/** Something that a person does to the server: a failure is shown in the server's words, and what it changed is asked for anew. */
export function useAction<Input, Answer>({ run, done, changes, onDone }: ActionOptions<Input, Answer>) {
  const toast = useToast();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSuccess: async (answer, input) => {
      onDone?.(answer, input);
      if (done) toast({ title: done(answer, input) });
      await Promise.all(changes.map((queryKey) => queries.invalidateQueries({ queryKey })));
    },
    onError: (error) => {
      const detail = error instanceof ApiError ? (error.type ?? undefined) : undefined;
      toast({ title: error.message, bad: true, ...(detail !== undefined && { detail }) });
    },
  });
}
