import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  acceptsGzip,
  etag,
  fingerprintsOf,
  gzip,
  matches,
  variantKey,
} from "../../../supabase/functions/calendar-feed/http.ts";
import {
  type FeedOptions,
  readOptions,
} from "../../../supabase/functions/calendar-feed/options.ts";

const FINGERPRINT = "3f2a90c1d5e6b7a8";
const VARIANT = variantKey({});

Deno.test("ETag is strong and differs with fingerprint, options and encoding", () => {
  const tags = [
    etag(FINGERPRINT, VARIANT),
    etag(FINGERPRINT, VARIANT, "gzip"),
    etag("00", VARIANT),
    etag(FINGERPRINT, variantKey({ alarmMinutes: 0 })),
    etag(FINGERPRINT, variantKey({ alarmMinutes: 15 })),
    etag(FINGERPRINT, variantKey({ only: ["coaching"] })),
    etag(FINGERPRINT, variantKey({ only: ["coaching", "hosting"] })),
    etag(FINGERPRINT, variantKey({ only: ["hosting"], alarmMinutes: 15 })),
  ];
  assertEquals(new Set(tags).size, tags.length);
  for (const tag of tags) {
    assert(/^"[\x21\x23-\x7e]+"$/.test(tag), tag); // opaque-tag of RFC 9110 §8.8.3
    assert(!tag.slice(1, -1).includes(","), tag); // some clients split lists there
  }
});

Deno.test("ETag takes no fingerprint that could break out of it", () => {
  for (const fingerprint of ["", 'a"b', "a,b", "a.b", "a b", "a\r\nb", "é"]) {
    assertThrows(() => etag(fingerprint, VARIANT), TypeError);
  }
});

Deno.test("If-None-Match finds the tag in a list, weak or strong, and by *", () => {
  const tag = etag(FINGERPRINT, VARIANT);
  for (
    const header of [
      tag,
      `W/${tag}`,
      `"other", ${tag}`,
      `"other",${tag},W/"third"`,
      `  ${tag}  `,
      `, ${tag} ,, `,
      `"a,b" , ${tag}`,
      "*",
      " * ",
    ]
  ) {
    assert(matches(header, tag), header);
    assert(matches(header, `W/${tag}`), header);
  }
});

Deno.test("If-None-Match of something else, or malformed, finds nothing", () => {
  const tag = etag(FINGERPRINT, VARIANT);
  for (
    const header of [
      null,
      "",
      '"other"',
      tag.slice(1, -1),
      tag.slice(0, -1),
      `${tag} ${tag}`,
      `w/${tag}`,
      `*, ${tag}`,
      `${tag}, *`,
      `${tag}, broken`,
      etag(FINGERPRINT, VARIANT, "gzip"),
    ]
  ) {
    assert(!matches(header, tag), String(header));
  }
});

Deno.test("If-None-Match gives the fingerprints of this revision and these options, in either encoding", () => {
  const variant = variantKey({ alarmMinutes: 15 });
  const header = [
    etag("one", variant),
    `W/${etag("two", variant, "gzip")}`,
    etag("two", variant),
    etag("three", VARIANT),
    etag("four", variantKey({ alarmMinutes: 1 })),
    etag("five", `r0${variant.slice(2)}`),
    '"six"',
    '"seven.gz"',
    `"${variant}"`,
    `".${variant}"`,
  ].join(", ");
  assertEquals(fingerprintsOf(header, variant), ["one", "two"]);
});

Deno.test("If-None-Match gives ten fingerprints at most", () => {
  const tags = Array.from({ length: 30 }, (_, i) => etag(`f${i}`, VARIANT));
  assertEquals(
    fingerprintsOf(tags.join(), VARIANT),
    Array.from({ length: 10 }, (_, i) => `f${i}`),
  );
});

Deno.test("If-None-Match that is missing or malformed gives no fingerprint, and * any", () => {
  const tag = etag("one", VARIANT);
  for (
    const header of [null, "", "one", `${tag} ${tag}`, `${tag}, x`, `"`]
  ) {
    assertEquals(fingerprintsOf(header, VARIANT), []);
  }
  assertEquals(fingerprintsOf(" * ", VARIANT), ["*"]);
});

Deno.test("If-None-Match of any content is read without an error, in a moment", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (header) => {
    fingerprintsOf(header, VARIANT);
  }));
  const started = performance.now();
  for (const part of [",", '"', '",', 'W/"a" ', '"a",', ' "a"\t', "W/"]) {
    fingerprintsOf(part.repeat(20_000), VARIANT);
    fingerprintsOf(`${part.repeat(20_000)}x`, VARIANT);
  }
  assert(performance.now() - started < 1000);
});

Deno.test("ETag goes there and back", () => {
  const fingerprints = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
  const options: fc.Arbitrary<FeedOptions> = fc.record({
    alarmMinutes: fc.option(fc.nat(40_320), { nil: undefined }),
    only: fc.option(
      fc.subarray(["coaching", "group", "cohort", "hosting"] as const, {
        minLength: 1,
      }),
      { nil: undefined },
    ),
  });
  fc.assert(fc.property(fingerprints, options, (fingerprint, options) => {
    const variant = variantKey(options);
    for (const encoding of [undefined, "gzip"] as const) {
      const tag = etag(fingerprint, variant, encoding);
      assertEquals(fingerprintsOf(tag, variant), [fingerprint]);
      assert(matches(tag, tag));
    }
  }));
});

const encodings: [string | null, boolean][] = [
  ["gzip", true],
  ["GZIP", true],
  ["x-gzip", true],
  ["gzip, deflate, br", true],
  ["gzip;q=1.0, *;q=0.5", true],
  ["deflate , gzip ; q=0.1", true],
  ["*", true],
  ["*;q=0.001", true],
  ["gzip;q=0.5, identity;q=0.5", true],
  ["gzip, identity;q=0", true],
  [null, false],
  ["", false],
  ["identity", false],
  ["br, deflate", false],
  ["gzip;q=0", false],
  ["gzip;q=0.000", false],
  ["gzip;q=0, *", false],
  ["*;q=0", false],
  ["identity, gzip;q=0.5", false],
  ["gzip;q=2", false],
  ["gzip;q=abc", false],
  ["gzip;level=9", false],
  ["gzipped", false],
  [",;,=", false],
];
for (const [header, accepted] of encodings) {
  Deno.test(`Accept-Encoding ${JSON.stringify(header)} is ${accepted ? "" : "not "}answered with gzip`, () => {
    assertEquals(acceptsGzip(header), accepted);
  });
}

Deno.test("gzip packs the same text into the same bytes, and unpacks to it", async () => {
  const text = "BEGIN:VCALENDAR\r\nSUMMARY:Ședință 😀\r\n".repeat(500);
  const packed = await gzip(text);
  await new Promise((resolve) => setTimeout(resolve, 1100)); // past a second of a time stamp
  assertEquals(await gzip(text), packed);
  assertEquals([...packed.slice(4, 8)], [0, 0, 0, 0]); // MTIME of RFC 1952
  assert(packed.length < text.length / 20);
  const unpacked = new Blob([packed]).stream().pipeThrough(
    new DecompressionStream("gzip"),
  );
  assertEquals(await new Response(unpacked).text(), text);
});

const options: [string, FeedOptions][] = [
  ["", {}],
  ["alarm=0", { alarmMinutes: 0 }],
  ["alarm=15", { alarmMinutes: 15 }],
  ["alarm=015", { alarmMinutes: 15 }],
  ["alarm=40320", { alarmMinutes: 40_320 }],
  ["only=coaching", { only: ["coaching"] }],
  ["only=hosting,coaching", { only: ["coaching", "hosting"] }],
  ["only=coaching,hosting,coaching", { only: ["coaching", "hosting"] }],
  ["only=group&only=cohort", { only: ["group", "cohort"] }],
  ["only=group,%20cohort", { only: ["group", "cohort"] }],
  ["alarm=5&only=group&token=x", { alarmMinutes: 5, only: ["group"] }],
];
for (const [query, expected] of options) {
  Deno.test(`feed options ${JSON.stringify(query)} are understood`, () => {
    assertEquals(readOptions(new URLSearchParams(query)), expected);
  });
}

for (
  const query of [
    "alarm",
    "alarm=",
    "alarm=-1",
    "alarm=1.5",
    "alarm=1e3",
    "alarm=0x10",
    "alarm=%2015",
    "alarm=40321",
    "alarm=99999999999",
    "alarm=soon",
    "alarm=5&alarm=5",
    "only",
    "only=",
    "only=webinar",
    "only=Coaching",
    "only=coaching,",
    "only=coaching,<script>",
  ]
) {
  Deno.test(`feed options ${JSON.stringify(query)} are refused with a sentence that repeats nothing`, () => {
    assertEquals(readOptions(new URLSearchParams(query)), {
      problem: query.startsWith("alarm")
        ? "alarm is a whole number of minutes from 0 to 40320."
        : "only is one or more of coaching, group, cohort, hosting, separated by commas.",
    });
  });
}
