import { createPerson } from "../../tests/support/people.ts";
import { givenCatalogue } from "../data/catalogue.ts";
import { postingAs } from "../request.ts";
import type { Subject } from "../subject.ts";
import { besideFormer } from "./beside.ts";

const NAME = "export-feature-config";

/** A platform admin who exports a catalogue of 60 features, in both kinds. */
export const exportFeatureConfig: Subject = {
  name: NAME,
  async *contests({ progress }) {
    progress(NAME);
    const admin = await createPerson({ role: "admin" });
    await givenCatalogue();
    for (const exportType of ["feature-assignments", "credit-config"]) {
      yield besideFormer({
        subject: NAME,
        size: exportType,
        prepare: (to) => Promise.resolve(postingAs(admin, to, { exportType })),
      });
    }
  },
};
