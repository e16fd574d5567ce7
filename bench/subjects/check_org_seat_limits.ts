import { api } from "../../tests/support/stack.ts";
import { givenSeats, type SeatWorld } from "../data/seats.ts";
import { count } from "../format.ts";
import { postingAsService } from "../request.ts";
import type { Subject } from "../subject.ts";
import { besideFormer } from "./beside.ts";

const NAME = "check-org-seat-limits";
const SIZES = [10, 200];

/**
 * A run over so many organisations, of which one in five has no seat left and an admin to be told so. The
 * stand-in tells by a mail, to a provider on loopback; ours by a notification and a queued mail.
 */
export const checkOrgSeatLimits: Subject = {
  name: NAME,
  async *contests({ progress }) {
    for (const size of SIZES) {
      progress(`${NAME}: ${count(size)} organisations`);
      const seats = await givenSeats(size);
      for (const name of [NAME, `former-${NAME}`]) await check(name, seats);
      yield besideFormer({
        subject: NAME,
        size: `${count(size)} organisations`,
        prepare: async (to) => {
          await seats.untold();
          return postingAsService(to);
        },
      });
    }
  },
};

/** Whoever tells nobody would look fast. */
async function check(name: string, seats: SeatWorld): Promise<void> {
  await seats.untold();
  const response = await fetch(`${api.url}/functions/v1/${name}`, {
    method: "POST",
    headers: { apikey: api.secretKey },
  });
  const { alertsSent } = await response.json();
  if (alertsSent === seats.full) return;
  throw new Error(`${name}: ${alertsSent} instead of ${seats.full} alerts`);
}
