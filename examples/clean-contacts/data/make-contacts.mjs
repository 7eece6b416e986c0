// Writes contacts.csv, what a correct cleaning makes of it (totals.json), and the test case over both. The same seed gives the same bytes:
//   node data/make-contacts.mjs
// The truth is made first and spoilt afterwards, so the totals owe nothing to the workflow that is tested with them.
import { writeFileSync } from "node:fs";

const SEED = 20261128;
const ROWS = 500;
const COPIES = 42;
const BROKEN = { email: 11, date: 9, amount: 8 };

const random = mulberry32(SEED);
const pick = (list) => list[Math.floor(random() * list.length)];
const whole = (from, to) => from + Math.floor(random() * (to - from + 1));
const two = (number) => String(number).padStart(2, "0");

const FIRST = "Ada Ben Carla Dora Emil Fanny Georg Hanna Ivan Jana Karl Lena Max Nina Otto Paula René Sofía Tom Uwe Vera Zoé".split(" ");
const LAST =
  "Almond Becker Costa Dubois Eder Fischer Gruber Haas Ionescu Jansen Keller Lange Moreau Novak Ortiz Petit Roth Sauer Weber".split(" ");
const HOSTS = ["example.com", "example.org", "mail.example.net"];
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
/** Calling code, and the ways in which people write the country. */
const COUNTRIES = {
  AT: { code: "43", names: ["AT", "Austria", "Österreich", "austria"] },
  DE: { code: "49", names: ["DE", "Germany", "Deutschland", "GERMANY", "de"] },
  FR: { code: "33", names: ["FR", "France", "france ", "FRANCE"] },
  IT: { code: "39", names: ["IT", "Italy", "Italia"] },
};

const people = Array.from({ length: ROWS - COPIES - sum(Object.values(BROKEN)) }, (_, at) => person(at));
const copies = Array.from({ length: COPIES }, () => pick(people));
const broken = Object.entries(BROKEN).flatMap(([field, count]) =>
  Array.from({ length: count }, (_, at) => ({ field, who: person(9000 + at) })),
);

const rows = shuffled([
  ...people.map((who) => ({ who, row: spoilt(who) })),
  // Somebody who is there twice is the same person: the address is the same, the spelling of everything is another one.
  ...copies.map((who) => ({ who, row: spoilt(who) })),
  ...broken.map(({ field, who }) => ({ field, row: destroyed(spoilt(who), field) })),
]);
const csv = [["name", "email", "phone", "country", "signed up", "spent"], ...rows.map(({ row }) => row)].map(line).join("");
const totals = {
  rows: rows.length,
  kept: people.length,
  duplicates: copies.length,
  rejected: BROKEN,
  spentCents: sum(people.map(({ cents }) => cents)),
  byCountry: Object.fromEntries(
    Object.keys(COUNTRIES).map((country) => {
      const there = people.filter((who) => who.country === country);
      return [country, { contacts: there.length, spentCents: sum(there.map(({ cents }) => cents)) }];
    }),
  ),
  firstSignUp: people.map(({ day }) => day).sort()[0],
  lastSignUp: people
    .map(({ day }) => day)
    .sort()
    .at(-1),
};

const here = (path) => new URL(path, import.meta.url);
writeFileSync(here("contacts.csv"), csv);
writeFileSync(here("totals.json"), `${JSON.stringify(totals, null, 2)}\n`);
writeFileSync(here("../flows/cleanContacts.500.test.yaml"), testFile());

function testFile() {
  const indented = csv.replace(/^(?=.)/gm, " ".repeat(8));
  return `# Written by data/make-contacts.mjs.
workflow: cleanContacts
cases:
  - name: all 500 rows come to the totals that are known
    input:
      csv: |
${indented}    expect:
      status: SUCCEED
      output:
        totals: ${JSON.stringify(totals)}
        contacts: { type: array }
        problems: { type: array }
`;
}

function person(at) {
  const [first, last, country] = [pick(FIRST), pick(LAST), pick(Object.keys(COUNTRIES))];
  const plain = `${first}.${last}`.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  return {
    name: `${first} ${last}`,
    email: `${plain}${at}@${pick(HOSTS)}`,
    phone: String(whole(100_000_000, 999_999_999)),
    country,
    day: `${whole(2019, 2025)}-${two(whole(1, 12))}-${two(whole(1, 28))}`,
    cents: whole(100, 499_999),
  };
}

function spoilt(who) {
  return [
    spoiltName(who.name),
    spoiltEmail(who.email),
    spoiltPhone(who),
    pick(COUNTRIES[who.country].names),
    spoiltDay(who.day),
    spoiltAmount(who.cents),
  ];
}

function spoiltName(name) {
  const [first, last] = name.split(" ");
  return pick([name, `${last}, ${first}`, name.toUpperCase(), name.toLowerCase(), `  ${first}   ${last} `]);
}

function spoiltEmail(email) {
  return pick([email, email.toUpperCase(), ` ${email}`, `mailto:${email}`, `<${email}>`, email.replace("@", " @ ")]);
}

function spoiltPhone({ phone, country }) {
  const { code } = COUNTRIES[country];
  const [area, rest] = [phone.slice(0, 3), phone.slice(3)];
  return pick([
    `+${code} ${area} ${rest}`,
    `00${code}${phone}`,
    `+${code} (0)${area}/${rest}`,
    `0${area}-${rest.slice(0, 3)}-${rest.slice(3)}`,
    `+${code}${phone}`,
  ]);
}

function spoiltDay(day) {
  const [year, month, date] = day.split("-");
  return pick([
    day,
    `${date}.${month}.${year}`,
    `${year}/${month}/${date}`,
    `${Number(date)} ${MONTHS[month - 1]} ${year}`,
    `${date}.${month}.${year.slice(2)}`,
  ]);
}

function spoiltAmount(cents) {
  const units = String(Math.floor(cents / 100));
  const rest = two(cents % 100);
  const grouped = (mark) => units.replace(/\B(?=(\d{3})+$)/g, mark);
  return pick([
    `${units}.${rest}`,
    `${units},${rest}`,
    `${grouped(".")},${rest} €`,
    `${grouped(",")}.${rest}`,
    `EUR ${units}.${rest}`,
    `€${grouped(" ")},${rest}`,
  ]);
}

/** What nobody can read any more. */
function destroyed(row, field) {
  const ways = {
    email: ["", "n/a", "see notes", "ada@", "@example.com"],
    date: ["", "31.02.2024", "soon", "2024-13-01"],
    amount: ["", "?", "1.2.3", "twelve"],
  };
  const at = { email: 1, date: 4, amount: 5 }[field];
  return row.with(at, pick(ways[field]));
}

function line(cells) {
  return `${cells.map((cell) => (/[",]|^ | $/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(",")}\n`;
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

function shuffled(list) {
  for (let at = list.length - 1; at > 0; at--) {
    const other = whole(0, at);
    [list[at], list[other]] = [list[other], list[at]];
  }
  return list;
}

function mulberry32(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
