import { givenSeats } from "../data/seats.ts";
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
