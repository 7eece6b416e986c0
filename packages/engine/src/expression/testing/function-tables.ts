/** What every function and method gives: `expression => JSON value` or `=> !error_code`. Data: see functions.test.ts. */
export const TEXT_TABLE = String.raw`
s.at(0) => "H"
s.at(-1) => "o"
s.at(9) => null
s.charAt(1) => "e"
s.charAt(9) => ""
"😀".codePointAt(0) => 128512
"".codePointAt(0) => null
s.concat(1, "b", [2]) => "Hello1b[2]"
s.concat() => "Hello"
s.endsWith("lo") => true
s.endsWith("Lo") => false
s.includes("ell") => true
s.includes("ell", 2) => false
s.includes("") => true
s.indexOf("l") => 2
s.indexOf("l", 3) => 3
s.indexOf("z") => -1
s.lastIndexOf("l") => 3
"e\u0301".normalize() => "é"
"é".normalize("NFD").length => 2
"x".normalize("nfc") => !bad_argument
s.padEnd(7, ".") => "Hello.."
s.padEnd(7) => "Hello  "
s.padEnd(3) => "Hello"
s.padEnd(9, "") => "Hello"
s.padEnd(1000000000) => !limit_output
s.padStart(8, "ab") => "abaHello"
s.padStart(1000000000) => !limit_output
"ab".repeat(3) => "ababab"
"ab".repeat(0) => ""
"ab".repeat(-1) => !bad_argument
"ab".repeat(1000000000) => !limit_output
s.replace("l", "L") => "HeLlo"
s.replace("l", "$&$1$$") => "He$&$1$$lo"
s.replace("z", 1) => "Hello"
s.replaceAll("l", "L") => "HeLLo"
s.replaceAll("l", "$&") => "He$&$&o"
s.replaceAll("", "-") => "-H-e-l-l-o-"
s.replaceAll("l", 1.5) => "He1.51.5o"
"a".repeat(100000).replaceAll("a", "b".repeat(1000)) => !limit_output
s.slice(1) => "ello"
s.slice(1, 3) => "el"
s.slice(-2) => "lo"
s.slice() => "Hello"
s.slice(1.9) => "ello"
s.slice(1, nothing) => "ello"
"a,b,,c".split(",") => ["a","b","","c"]
"a,b,,c".split(",", 2) => ["a","b"]
"a,b".split() => ["a,b"]
"abc".split("") => ["a","b","c"]
"".split(",") => [""]
"".split("") => []
"a".repeat(5000000).split("") => !limit_output
s.startsWith("He") => true
s.startsWith("he") => false
s.substring(1, 3) => "el"
s.substring(3, 1) => "el"
s.substring(2) => "llo"
s.toLowerCase() => "hello"
s.toUpperCase() => "HELLO"
"ß".toUpperCase() => "SS"
" a b \n".trim() => "a b"
" a ".trimEnd() => " a"
" a ".trimStart() => "a "
s.toString() => "Hello"
`;

export const LIST_TABLE = String.raw`
list.at(-1) => 2
list.at(0) => 3
list.at(5) => null
list.concat([4], 5, [[6]]) => [3,1,2,4,5,[6]]
list.concat() => [3,1,2]
list.every(x => x > 0) => true
list.every(x => x > 1) => false
[].every(x => x) => true
list.filter(x => x > 1) => [3,2]
list.filter((x, i) => i != 1) => [3,2]
people.find(p => p.age == 20).name => "Bob"
people.find(p => p.age == 99) => null
people.findIndex(p => p.age == 20) => 1
people.findIndex(p => p.age == 99) => -1
people.findLast(p => p.age == 20).name => "Cy"
[1, [2, [3, [4]]]].flat() => [1,2,[3,[4]]]
[1, [2, [3, [4]]]].flat(2) => [1,2,3,[4]]
[1, [2, [3, [4]]]].flat(99) => [1,2,3,4]
[1, [2]].flat(0) => [1,[2]]
list.flatMap(x => [x, x]) => [3,3,1,1,2,2]
list.flatMap(x => x) => [3,1,2]
list.includes(1) => true
list.includes("1") => false
list.includes(3, 1) => false
list.includes(2, -1) => true
[{a: [1]}].includes({a: [1]}) => true
[nothing].includes(null) => true
list.indexOf(2) => 2
list.indexOf(9) => -1
list.indexOf(3, 1) => -1
list.indexOf(3, -9) => 0
people.indexOf({team: "x", age: 30, name: "Ann"}) => 0
[1, 2, 1].lastIndexOf(1) => 2
list.join() => "3,1,2"
list.join(" + ") => "3 + 1 + 2"
[1, nothing, "a", [2], {b: 1}].join("") => "1a[2]{\"b\":1}"
[].join() => ""
range(1000).map(x => "x".repeat(10000)).join("y".repeat(1000)) => !limit_output
list.map(x => x + 1) => [4,2,3]
list.map((x, i) => [i, x]) => [[0,3],[1,1],[2,2]]
list.reduce((t, x) => t + x, 10) => 16
list.reduce((t, x) => t + x) => 6
list.reduce((t, x, i) => t + x * i, 0) => 5
list.reduce((t, x) => t == null ? [x] : [...t, x], null) => [3,1,2]
[].reduce((t, x) => t + x, 7) => 7
[].reduce((t, x) => t + x) => null
[1].reduce((t, x) => n / 0) => 1
list.slice(1) => [1,2]
list.slice(-2, -1) => [1]
list.slice(2, 1) => []
list.slice(0, 99) => [3,1,2]
list.slice(-99) => [3,1,2]
list.slice(0, nothing) => [3,1,2]
list.some(x => x > 2) => true
list.some(x => x > 3) => false
list.toReversed() => [2,1,3]
list.toSorted() => [1,2,3]
[10, 9, 1].toSorted() => [1,9,10]
["b", "a", nothing, 2, true, 10].toSorted() => [2,10,"a","b",true,null]
list.toSorted((a, b) => b - a) => [3,2,1]
people.toSorted((a, b) => a.age - b.age).map(p => p.name) => ["Bob","Cy","Ann"]
list.toSorted((a, b) => a > b) => !bad_argument
list.toSorted((a, b) => 1).length => 3
sum(list) => 6
sum([1, nothing, 2]) => 3
sum([]) => 0
sum(people, p => p.age) => 70
list.sum() => 6
people.sum(p => p.age) => 70
sum([1, "2"]) => !bad_argument
sum([1e308, 1e308]) => !not_finite
average([1, 2, 6]) => 3
average([]) => null
people.average(p => p.age) => 23.333333333333332
min(list) => 1
min(3, 2, nothing) => 2
min() => null
min(["a"]) => !bad_argument
list.min() => 1
max(list) => 3
max(3, 2, 9) => 9
max([]) => null
list.max() => 3
unique([1, "1", 1, {a: 1}, {a: 1}, [2], [2], nothing, nothing, true, "true"]) => [1,"1",{"a":1},[2],null,true,"true"]
unique([{a: 1, b: 2}, {b: 2, a: 1}]) => [{"a":1,"b":2}]
unique(["{\"a\":1}", {a: 1}]).length => 2
unique(people, p => p.age).map(p => p.name) => ["Ann","Bob"]
people.unique(p => p.team).length => 2
groupBy(people, p => p.team).x.map(p => p.name) => ["Ann","Cy"]
people.groupBy(p => p.age).keys() => ["20","30"]
groupBy([], x => x) => {}
sortBy(people, p => p.age).map(p => p.name) => ["Bob","Cy","Ann"]
people.sortBy(p => p.name, true).map(p => p.name) => ["Cy","Bob","Ann"]
chunk(list, 2) => [[3,1],[2]]
list.chunk(5) => [[3,1,2]]
chunk(list, 0) => !bad_argument
list.keys() => [0,1,2]
list.values() => [3,1,2]
list.entries() => [[0,3],[1,1],[2,2]]
list.toString() => "[3,1,2]"
range(3) => [0,1,2]
range(2, 5) => [2,3,4]
range(5, 2) => []
range(1e15) => !limit_output
zip({a: [1, 2], b: ["x", "y", "z"]}) => [{"a":1,"b":"x"},{"a":2,"b":"y"}]
zip({a: [1], b: nothing}) => []
zip({}) => []
zip({a: 1}) => !bad_argument
`;

export const OBJECT_TABLE = String.raw`
keys(o) => ["a","b"]
values({a: 1, b: [2]}) => [1,[2]]
entries({a: 1}) => [["a",1]]
keys(list) => [0,1,2]
values(list) => [3,1,2]
entries(["x"]) => [[0,"x"]]
keys(nothing) => null
keys("abc") => !bad_argument
values(1) => !bad_argument
entries(true) => !bad_argument
o.keys() => ["a","b"]
o.values()[0] => 1
o.entries()[0] => ["a",1]
Object.keys(o) => ["a","b"]
Object.values(o)[0] => 1
Object.entries(o)[0] => ["a",1]
Object.fromEntries([["a", 1]]) => {"a":1}
fromEntries([["a", 1], ["b", 2], ["a", 3]]) => {"a":3,"b":2}
fromEntries([[1]]) => {"1":null}
fromEntries([1]) => !bad_argument
fromEntries(people.map(p => [p.name, p.age])) => {"Ann":30,"Bob":20,"Cy":20}
pick({a: 1, b: 2, c: 3}, ["a", "c", "z"]) => {"a":1,"c":3}
o.pick(["a"]) => {"a":1}
omit({a: 1, b: 2}, ["a"]) => {"b":2}
o.omit(["b"]) => {"a":1}
has(o, "a") => true
has(o, "toString") => false
has(list, "0") => false
has(nothing, "a") => false
o.has("z") => false
path(o, "b.c.1") => 20
path(o, "b.c.9.x") => null
path(o, "") => {"a":1,"b":{"c":[10,20]}}
path(o, "__proto__.a") => null
path(o, "constructor") => null
path(list, "length") => 3
path(nothing, "a") => null
o.toString() => "{\"a\":1,\"b\":{\"c\":[10,20]}}"
file.toString() => "https://h/a.pdf"
`;

export const MATH_TABLE = `
abs(-2) => 2
ceil(1.2) => 2
floor(-1.2) => -2
round(2.5) => 3
round(-2.5) => -3
round(n, 2) => 1234.57
round(1.005, 2) => 1.01
round(n, -2) => 1200
round(1e-7, 3) => 0
round(n, 16) => !bad_argument
round(1e308, 15) => !not_finite
n.round(1) => 1234.6
n.toFixed(2) => "1234.57"
n.toFixed() => "1235"
n.toFixed(101) => !bad_argument
n.toFixed(-1) => !bad_argument
n.toString() => "1234.5678"
Math.abs(-2) => 2
Math.ceil(1.2) => 2
Math.floor(1.8) => 1
Math.round(-2.5) => -2
Math.trunc(-1.9) => -1
Math.sign(-3) => -1
Math.sqrt(9) => 3
Math.sqrt(-1) => !not_finite
Math.cbrt(27) => 3
Math.exp(0) => 1
Math.exp(1000) => !not_finite
Math.log(1) => 0
Math.log(0) => !not_finite
Math.log10(1000) => 3
Math.log2(8) => 3
Math.sin(0) => 0
Math.cos(0) => 1
Math.tan(0) => 0
Math.asin(2) => !not_finite
Math.asin(0) => 0
Math.acos(1) => 0
Math.atan(0) => 0
Math.atan2(0, 1) => 0
Math.min(3, 1, 2) => 1
Math.max(3, 1, 2) => 3
Math.max() => !not_finite
Math.max(1, nothing) => null
Math.pow(2, 10) => 1024
Math.pow(10, 400) => !not_finite
Math.hypot(3, 4) => 5
Math.round(Math.PI * 100) => 314
Math.floor(Math.E) => 2
Number.MAX_SAFE_INTEGER => 9007199254740991
Number.MIN_SAFE_INTEGER => -9007199254740991
Number(" 12.5 ") => 12.5
Number(true) => 1
Number(nothing) => null
Number("") => !bad_input
Number("12px") => !bad_input
Number("Infinity") => !bad_input
Number(list) => !bad_argument
Number.isInteger(2) => true
Number.isInteger("2") => false
Number.isInteger(2.5) => false
parseFloat("12.5px") => 12.5
parseFloat("px") => !bad_input
parseFloat(nothing) => null
parseFloat(list) => !bad_argument
parseInt("12.9") => 12
parseInt("ff", 16) => 255
parseInt("z") => !bad_input
parseInt(12.9) => 12
`;

export const GENERAL_TABLE = String.raw`
String(1.5) => "1.5"
String(nothing) => ""
String(o) => "{\"a\":1,\"b\":{\"c\":[10,20]}}"
String(file) => "https://h/a.pdf"
Boolean("") => false
Boolean([]) => true
typeOf(nothing) => "null"
typeOf(list) => "list"
typeOf(o) => "object"
typeOf(n) => "number"
typeOf(s) => "string"
typeOf(true) => "boolean"
isEmpty(nothing) => true
isEmpty("") => true
isEmpty([]) => true
isEmpty({}) => true
isEmpty(0) => false
isEmpty(false) => false
nothing.isEmpty() => true
list.isEmpty() => false
nothing.default(1) => 1
"".default(1) => ""
o.missing.default("x") => "x"
nothing.toString() => ""
coalesce(nothing, null, 0, 1) => 0
coalesce(nothing) => null
coalesce() => null
convert("5", "number") => 5
convert("5", "INTEGER") => 5
convert(5.5, "integer") => !bad_conversion
convert("x", "number") => !bad_conversion
convert("true", "boolean") => true
convert({a: 1}, "string") => "{\"a\":1}"
convert("[1,\"2\"]", "array<number>") => [1, 2]
convert(null, "number") => null
convert(1, "nothing") => !bad_argument
Array.isArray(list) => true
Array.isArray(s) => false
JSON.parse("[1,{\"a\":null}]") => [1,{"a":null}]
JSON.parse("{") => !bad_input
JSON.parse("1e999") => !bad_input
JSON.parse("[".repeat(5000000)) => !limit_output
JSON.stringify(list) => "[3,1,2]"
JSON.stringify({a: [1, {}], b: []}, null, 2) => "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}"
JSON.stringify(nothing) => "null"
JSON.stringify("a\"b") => "\"a\\\"b\""
JSON.stringify(file) => "{\"$file\":\"f1\",\"url\":\"https://h/a.pdf\",\"name\":\"a.pdf\"}"
JSON.stringify(1, ["a"]) => !bad_argument
JSON.stringify([1], null, 99) => "[\n          1\n]"
encodeURIComponent("a b&ü😀/~") => "a%20b%26%C3%BC%F0%9F%98%80%2F~"
encodeURIComponent(5) => "5"
encodeURIComponent("\ud800") => !bad_input
encodeURIComponent("漢".repeat(1500000)) => !limit_output
decodeURIComponent("a%20b%C3%BC") => "a bü"
decodeURIComponent("%zz") => !bad_input
decodeURIComponent("%C3") => !bad_input
base64("hello") => "aGVsbG8="
base64("hi") => "aGk="
base64("") => ""
base64("ü😀") => "w7zwn5iA"
base64Decode("aGVsbG8=") => "hello"
base64Decode("aGVsbG8") => "hello"
base64Decode("w7zwn5iA") => "ü😀"
base64Decode("8J-YgA") => "😀"
base64Decode("") => ""
base64Decode("a") => !bad_input
base64Decode("aGVs bG8=") => !bad_input
base64Decode("=") => !bad_input
base64Decode("/w==") => !bad_input
base64Decode("wIA=") => !bad_input
base64Decode("7aCA") => !bad_input
base64Decode("4oI=") => !bad_input
sha256("abc") => "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
sha256("") => "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
hmacSha256("key", "The quick brown fox jumps over the lazy dog") => "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8"
`;
