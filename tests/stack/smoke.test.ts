Deno.test("smoke", () => {});
Deno.test({ name: "smoke2", ignore: true, fn() {} });
