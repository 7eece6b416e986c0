import assert from "node:assert/strict";
import { test } from "node:test";
import * as errors from "#store/errors";

const { packError, unpackError, StoreError } = errors;

/** One of each class. */
const CASES: readonly errors.StoreError[] = [
  new errors.Fenced("run-1"),
  new errors.IdempotencyKeyTaken("run-1", "hash"),
  new errors.NotFound("the workflow w"),
  new errors.NameTaken("news"),
  new errors.VersionTaken("1.0.1"),
  new errors.StaleRevision(3, 7),
  new errors.JournalCorrupt("run-1", "entry 4 is missing"),
  new errors.DataDirInUse("/data"),
  new errors.StoreFull(),
  new errors.StoreTooNew(9, 2),
  new errors.NoRoomToMigrate(1, 2),
  new errors.BackupDamaged("b.tgz", "it ends too early"),
  new errors.TargetNotEmpty("/data"),
  new errors.StoreCorrupt("a row"),
  new errors.StoreBusy(),
  new errors.OutOfFiles(),
  new errors.StoreFailed(new Error("EIO")),
  new errors.StoreFailed("no error at all"),
  new errors.StoreUnreachable("ECONNREFUSED"),
  new errors.CommitUnknown("Connection terminated unexpectedly"),
  new errors.StoreClosed(),
  new errors.LeaseLost("owner-1"),
  new errors.RunNotEnded("run-1"),
  new errors.EndpointDisabled("https://hooks.example.com/a"),
  new errors.LastOwner("member-1"),
  new errors.EmailTaken("ada@example.com"),
  new errors.KeyNotRotatable("key-1"),
  new errors.StoreInUse("postgres"),
  new errors.MoveUnfinished("sqlite"),
  new errors.MoveFromElsewhere("postgres", "sqlite"),
  new errors.MoveDiffers("postgres", "runs", "run-1"),
];

/** As it goes from one thread to another. */
function crossed(error: unknown): Error {
  return unpackError(structuredClone(packError(error)));
}

for (const error of CASES) {
  test(`${error.name} crosses from one thread to another: ${error.message}`, () => {
    const arrived = crossed(error);
    assert.equal(arrived.constructor, error.constructor);
    // Members of its own; of a cause only the message crosses.
    assert.deepEqual({ ...arrived }, { ...error });
    assert.deepEqual([arrived.name, arrived.message, arrived.stack], [error.name, error.message, error.stack]);
    assert.deepEqual({ ...crossed(arrived) }, { ...error }, "and back");
  });
}

test("the cases are all the classes", () => {
  const isClass = (one: unknown): boolean => typeof one === "function" && one.prototype instanceof StoreError;
  const classes = Object.values(errors).filter(isClass);
  assert.deepEqual(new Set(CASES.map((error) => error.constructor)), new Set(classes));
});

test("what made the disk fail is told on the other side", () => {
  assert.equal(
    crossed(new errors.StoreFailed(new Error("EIO: i/o error, fsync"))).message,
    "the disk of the data directory fails: EIO: i/o error, fsync",
  );
});

test("any other error keeps its name, its message and its stack", () => {
  const given = new TypeError("not a function");
  const arrived = crossed(given);
  assert.ok(arrived instanceof Error);
  assert.ok(!(arrived instanceof StoreError));
  assert.deepEqual([arrived.name, arrived.message, arrived.stack], ["TypeError", given.message, given.stack]);
});

test("what is thrown and is no error arrives as one", () => {
  assert.equal(crossed("thrown").message, "thrown");
  assert.equal(crossed(undefined).message, "undefined");
});

test("a name of every object makes no class of an error", () => {
  for (const name of ["constructor", "toString", "__proto__"]) {
    const arrived = crossed(Object.assign(new Error("odd"), { name }));
    assert.deepEqual([arrived.name, arrived.message], [name, "odd"]);
  }
});
