import { FaultSink, ProbeSink } from "#fault-sink";
import type { Json } from "#json";
import type { Language } from "#language";
import type { Step } from "#pointer";
import type { FileInput, SchemaCheck, SchemaSink } from "#start/schema-types";

/** Collects the faults and the files of one `input`. Steps begin with the name of the member that holds it; a file's path begins below it. */
export class InputSink extends FaultSink implements SchemaSink {
  readonly files: FileInput[] = [];

  constructor(language: Language, member: string) {
    super(language, [member]);
  }

  keepFile(file: Omit<FileInput, "path">): void {
    this.files.push({ path: this.steps.slice(1), ...file });
  }
}

class SchemaProbe extends ProbeSink implements SchemaSink {
  keepFile(): void {}
}

/** Whether the value has no fault; stops at the first one. */
export function accepts(check: SchemaCheck, value: Json): boolean {
  const probe = new SchemaProbe();
  check(value, probe);
  return !probe.failed;
}

export function checkAt(check: SchemaCheck, value: Json, step: Step, sink: SchemaSink): void {
  sink.enter(step);
  check(value, sink);
  sink.leave();
}
