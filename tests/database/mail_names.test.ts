import { assertEquals } from "@std/assert";
import { sqlTest, value } from "../support/sql.ts";

sqlTest(
  "names and messages in a mail carry no address of a web page, and its links are left",
  async (sql) => {
    const clean = (text: string) =>
      value(sql, "select private.without_web_addresses($1)", [text]);
    for (
      const [text, expected] of [
        ["Ana Pop", "Ana Pop"],
        ["Dr. J. R. Smith Ph.D.", "Dr. J. R. Smith Ph.D."],
        ["Dr.Pop", "Dr. Pop"],
        ["Win at evil.com/now", "Win at evil. com/now"],
        ["https://evil.example.com", "evil. example. com"],
        ["HTTPS:///evil.com", "evil. com"],
        ["http:\\evil", "evil"],
        ["http:⁄⁄evil․com", "evil. com"],
        ["evil。com", "evil. com"],
        ["🎁.ws, i❤.ws, evil_.com", "🎁. ws, i❤. ws, evil_. com"],
        ["test™.com", "test™. com"],
        ["ｅｖｉｌ．ｃｏｍ", "ｅｖｉｌ. ｃｏｍ"],
        ["evil.\u200bcom, evil\u00ad.com", "evil. com, evil. com"],
        ["a\u202egro.live\u0007", "agro. live"],
        ["http://192.168.1.1/x", "192 168 1 1/x"],
        ["0300.0250.1.1", "0300 0250 1 1"],
        ["At 10.30", "At 10.30"],
      ]
    ) {
      assertEquals(await clean(text ?? ""), expected, text);
    }
    await sql.query(
      `select private.queue_mail('nobody@example.com', 'Join evil.com', 'org_invite',
      '{"organizationName": "Pay at www.evil.com", "link": "https://app.innotrue.com/x", "seats": 3}')`,
    );
    const mail = await value(
      sql,
      `select to_jsonb(q) from public.email_queue q where q.recipient_email = 'nobody@example.com'`,
    );
    const { recipient_name, template_data } = Object(mail);
    assertEquals([recipient_name, template_data], ["Join evil. com", {
      organizationName: "Pay at www. evil. com",
      link: "https://app.innotrue.com/x",
      seats: 3,
    }]);
  },
);
