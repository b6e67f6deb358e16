import { inSteps } from "../support/in-steps";
import { Pipeline } from "../support/pipeline";
import { perform } from "./perform";
import { scenarios } from "./scenarios/index";
import { Typist } from "./typist";

/** A platform of their own: runbooks change the stack's config, and each begins where the one before it ended. */
describe("The runbooks", function () {
  this.timeout(900_000);
  inSteps();
  let pipeline: Pipeline;

  before("v1.0.0 runs everywhere", async () => {
    pipeline = await Pipeline.start();
  });
  after(() => pipeline?.stop());

  for (const scenario of scenarios) {
    it(`${scenario.document} ${scenario.name}`, async () => {
      const { sandbox, operator: context } = pipeline;
      const typist = new Typist(context.stackFolder, context.environment);
      try {
        await perform(scenario, { sandbox, context, typist, printed: "" });
      } finally {
        typist.leave();
      }
    });
  }
});
