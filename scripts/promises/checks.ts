import { o1 } from "./checks/o1.ts";
import { o2 } from "./checks/o2.ts";
import { o3 } from "./checks/o3.ts";
import { o4 } from "./checks/o4.ts";
import { o5 } from "./checks/o5.ts";
import { o6 } from "./checks/o6.ts";
import { o7 } from "./checks/o7.ts";
import { o8 } from "./checks/o8.ts";
import { o9 } from "./checks/o9.ts";
import { o10 } from "./checks/o10.ts";
import { o11 } from "./checks/o11.ts";
import { r1 } from "./checks/r1.ts";
import { r2 } from "./checks/r2.ts";
import { r3 } from "./checks/r3.ts";
import { r4 } from "./checks/r4.ts";
import { r5 } from "./checks/r5.ts";
import { r6 } from "./checks/r6.ts";
import { r7 } from "./checks/r7.ts";
import { r8 } from "./checks/r8.ts";
import { r9 } from "./checks/r9.ts";
import { r10 } from "./checks/r10.ts";
import { r11 } from "./checks/r11.ts";
import { r12 } from "./checks/r12.ts";
import { r13 } from "./checks/r13.ts";
import { r14 } from "./checks/r14.ts";
import { r15 } from "./checks/r15.ts";
import { s1 } from "./checks/s1.ts";
import { s2 } from "./checks/s2.ts";
import { s3 } from "./checks/s3.ts";
import { s4 } from "./checks/s4.ts";
import { s5 } from "./checks/s5.ts";
import { s6 } from "./checks/s6.ts";
import { s7 } from "./checks/s7.ts";
import { s8 } from "./checks/s8.ts";
import { s9 } from "./checks/s9.ts";
import { s10 } from "./checks/s10.ts";
import { s11 } from "./checks/s11.ts";
import { s12 } from "./checks/s12.ts";
import { s13 } from "./checks/s13.ts";
import { s14 } from "./checks/s14.ts";
import { s15 } from "./checks/s15.ts";
import { s16 } from "./checks/s16.ts";
import { s17 } from "./checks/s17.ts";
import type { Check } from "./frame/check.ts";

/** Every promise that a check stands behind, in the order of the page. */
export const CHECKS: readonly Check[] = [
  ...[r1, r2, r3, r4, r5, r6, r7, r8, r9, r10, r11, r12, r13, r14, r15],
  ...[s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, s12, s13, s14, s15, s16, s17],
  ...[o1, o2, o3, o4, o5, o6, o7, o8, o9, o10, o11],
];
