/** What holds for every resource of the package, tried on each of them. */
import { expect } from "chai";
import { packageSchema } from "../../provider/plugin/schema";
import { Secret, toWire, UNKNOWN, type Values } from "../../provider/plugin/values";
import { cases } from "./cases";
import { type Pair, selfSigned } from "./certificates";
import { Cloud, Refusal } from "./cloud";
import { failureOf, Plugin } from "./plugin";

describe("provider resources", () => {
  let cloud: Cloud;
  let plugin: Plugin;
  let client: Pair;

  before(async () => {
    client = await selfSigned();
  });

  beforeEach(async () => {
    cloud = await Cloud.start();
    plugin = await Plugin.start(cloud);
  });

  afterEach(async () => {
    await plugin.stop();
    await cloud.stop();
  });

  it("has a case for every resource of the schema", () => {
    const { resources } = JSON.parse(packageSchema()) as { resources: object };
    expect(cases.map((one) => one.type)).to.have.members(Object.keys(resources));
  });

  for (const one of cases) {
    describe(one.type, () => {
      let inputs: Values;

      beforeEach(async () => {
        one.prepare?.(cloud, client);
        inputs = await plugin.complete(one.type, one.inputs);
      });

      /** Creates it and forgets the calls that this took. */
      async function make() {
        const created = await plugin.create(one.type, inputs);
        cloud.calls.length = 0;
        return created;
      }

      it("is created with its inputs in the state, and then shows no difference", async () => {
        const { id, properties } = await plugin.create(one.type, inputs);
        expect(id).to.equal(one.id);
        expect(properties).to.include.keys(Object.keys(inputs));
        expect(one.held(cloud)).to.equal(1);
        expect((await plugin.diff(one.type, id, properties, inputs)).changed).to.equal(false);
      });

      it("is previewed without a call, with unknown outputs", async () => {
        const { properties } = await plugin.create(one.type, inputs, { preview: true });
        const outputs = Object.entries(properties).filter(([name]) => !(name in inputs));
        const unknown = outputs.filter(
          ([, value]) => value === UNKNOWN || (value as Secret).value === UNKNOWN,
        );
        expect(unknown.length).to.be.at.least(outputs.length > 0 ? 1 : 0);
        expect(cloud.calls).to.deep.equal([]);
      });

      it("is previewed when an id that it needs isn't known yet", async () => {
        const [name = ""] = Object.keys(one.inputs);
        const checked = await plugin.complete(one.type, { ...one.inputs, [name]: UNKNOWN });
        const { properties } = await plugin.create(one.type, checked, { preview: true });
        expect(properties[name]).to.equal(UNKNOWN);
      });

      it("is the same when it is read", async () => {
        const { id, properties } = await make();
        const read = await plugin.read(one.type, id, properties, inputs);
        expect(read).to.deep.equal({ id, properties, inputs });
      });

      it("is imported by its id with all inputs", async () => {
        const { id, properties } = await make();
        const imported = await plugin.read(one.type, id);
        expect(imported.id).to.equal(id);
        expect(imported.inputs).to.include.keys(Object.keys(inputs));
        expect(imported.properties).to.deep.include(properties);
        const checked = await plugin.complete(one.type, imported.inputs);
        expect((await plugin.diff(one.type, id, imported.properties, checked)).properties).to.deep.equal({});
      });

      it("says what an id looks like when an import gives another", async () => {
        if (one.type.endsWith("FleetFeatures")) return; // its id is the Fleet's
        expect(await failureOf(plugin.read(one.type, "nonsense"))).to.match(
          /^"nonsense" is not an id of this resource; it looks like </,
        );
      });

      const { change, changed, drift } = one;
      if (change && changed) {
        it("is changed in place", async () => {
          const { id, properties } = await make();
          const news = await plugin.complete(one.type, { ...one.inputs, ...change });
          const diff = await plugin.diff(one.type, id, properties, news);
          expect(Object.keys(diff.properties)).to.have.members(Object.keys(change));
          expect(diff.replaces).to.deep.equal([]);
          const preview = await plugin.update(one.type, id, properties, news, { preview: true });
          expect(preview).to.deep.include(news);
          expect(cloud.calls).to.deep.equal([]);
          const updated = await plugin.update(one.type, id, properties, news);
          expect(changed(cloud)).to.equal(true);
          expect((await plugin.diff(one.type, id, updated, news)).changed).to.equal(false);
        });
      }

      it("is replaced when its identity changes", async () => {
        const { id, properties } = await make();
        const news = await plugin.complete(one.type, { ...one.inputs, ...one.replacement });
        const diff = await plugin.diff(one.type, id, properties, news);
        expect(diff.replaces).to.have.members(Object.keys(one.replacement));
      });

      it("is replaced when the thing that it belongs to is", async () => {
        const { id, properties } = await make();
        const [name = ""] = Object.keys(one.inputs);
        const news = await plugin.complete(one.type, { ...one.inputs, [name]: UNKNOWN });
        expect((await plugin.diff(one.type, id, properties, news)).replaces).to.deep.equal([name]);
      });

      if (drift) {
        it("shows what somebody changed by hand", async () => {
          const { id, properties } = await make();
          const [name, value] = drift(cloud);
          const read = await plugin.read(one.type, id, properties, inputs);
          expect(read.inputs[name]).to.deep.equal(value);
          const diff = await plugin.diff(one.type, id, read.properties, inputs);
          expect(Object.keys(diff.properties)).to.deep.equal([name]);
        });
      }

      it("is deleted", async () => {
        const { id, properties } = await make();
        await plugin.delete(one.type, id, properties);
        expect(one.held(cloud)).to.equal(one.left ?? 0);
      });

      it("is gone for a read and for a delete when somebody deleted it", async () => {
        const { id, properties } = await make();
        one.vanish(cloud);
        expect((await plugin.read(one.type, id, properties, inputs)).id).to.equal("");
        await plugin.delete(one.type, id, properties);
      });

      it("is made once although the reply of the first attempt is lost", async () => {
        cloud.fail(one.making, "lost");
        const { id } = await plugin.create(one.type, inputs);
        expect(id).to.equal(one.id);
        expect(one.held(cloud)).to.equal(1);
      });

      it("is made once although the run that made it was killed", async () => {
        await plugin.create(one.type, inputs);
        const again = await plugin.create(one.type, inputs);
        expect(again.id).to.equal(one.id);
        expect(one.held(cloud)).to.equal(1);
      });

      it("is created and read through throttling, server errors and broken connections", async () => {
        const faults = [
          new Refusal(400, "Throttling.User"),
          new Refusal(503, "ServiceUnavailable"),
          "reset",
        ] as const;
        cloud.fail(one.making, ...faults);
        if (one.reading !== one.making) cloud.fail(one.reading, ...faults);
        const { id, properties } = await plugin.create(one.type, inputs);
        cloud.fail(
          one.reading,
          { status: 502, body: "<html>Bad Gateway</html>" },
          new Refusal(200, "SystemError"),
        );
        expect((await plugin.read(one.type, id, properties, inputs)).id).to.equal(one.id);
        expect(one.held(cloud)).to.equal(1);
      });

      it("names the RAM action that is missing", async () => {
        cloud.fail(one.making, new Refusal(403, "NoPrivilege", "not authorized"));
        const message = await failureOf(plugin.create(one.type, inputs));
        expect(message).to.equal(
          `${one.ramAction.split(":")[0]} ${one.making} failed: NoPrivilege: not authorized (HTTP 403, request id REQ-1). ` +
            `Allow the RAM action ${one.ramAction} for the user or role whose credentials are used.`,
        );
        expect(cloud.count(one.making)).to.equal(1);
      });

      it("keeps its state within 3 KB", async () => {
        const { id, properties } = await make();
        const { kubeconfig, ...rest } = properties;
        const state = { urn: `urn:pulumi:dev::p::${one.type}::name`, id, inputs, outputs: toWire(rest) };
        expect(JSON.stringify(state).length).to.be.below(3000);
        const size = kubeconfig instanceof Secret ? String(kubeconfig.value).length : 0;
        expect(size, "a kubeconfig is as large as the cloud makes it").to.be.below(10_000);
      });
    });
  }
});
