import { expect } from "chai";
import { parseDockerfile } from "../../builder/dockerfile/instruction";
import { Folders } from "./folders";

describe("a Dockerfile", () => {
  const folders = new Folders();
  afterEach(() => folders.remove());
  const image = async (dockerfile: string, files = {}, more = {}) =>
    (await folders.build(dockerfile, files, more)).stage;
  const config = async (lines: string, more = {}) =>
    (await image(`FROM alpine\n${lines}\n`, {}, more)).config;

  it("is read with continued lines, comments between them, and directives", () => {
    const text = '# escape=`\nFROM alpine\nRUN one && `\n# why\n\n  two\nCMD ["a", "b c"]\n';
    expect(parseDockerfile(text).map(({ keyword, text: rest, line }) => [keyword, rest, line])).to.deep.equal(
      [
        ["FROM", "alpine", 2],
        ["RUN", "one &&   two", 3],
        ["CMD", '["a", "b c"]', 7],
      ],
    );
  });

  it("is read with texts in it", async () => {
    const { files } = await image(
      "FROM alpine\nARG WHO=me\nCOPY <<EOF <<-'RAW' /etc/\nhi $WHO\nEOF\n\t$WHO\n\tRAW\n",
    );
    expect(files.get("etc/EOF")?.content?.toString()).to.equal("hi me\n");
    expect(files.get("etc/RAW")?.content?.toString()).to.equal("$WHO\n");
  });

  it("sets how the image is run", async () => {
    const lines = [
      'ENV A=1 B="two words"',
      "ENV C the rest",
      "WORKDIR /srv",
      "WORKDIR app",
      "USER 1:1",
      "EXPOSE 80 53/udp",
      "VOLUME /data",
      "STOPSIGNAL SIGINT",
      'LABEL team="a b" tier=x',
      'ENTRYPOINT ["/run"]',
      "CMD serve $A",
    ];
    expect(await config(lines.join("\n"))).to.deep.equal({
      Env: [
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "A=1",
        "B=two words",
        "C=the rest",
      ],
      WorkingDir: "/srv/app",
      User: "1:1",
      ExposedPorts: { "80/tcp": {}, "53/udp": {} },
      Volumes: { "/data": {} },
      StopSignal: "SIGINT",
      Labels: { team: "a b", tier: "x" },
      Entrypoint: ["/run"],
      Cmd: ["/bin/sh", "-c", "serve $A"],
    });
  });

  it("takes build arguments that it asks for, and says which it doesn't", async () => {
    const dockerfile =
      "ARG TAG=3.20\nFROM alpine:$TAG\nARG TAG\nARG NAME=def\nENV T=${TAG} N=${NAME} O=${NONE:-other}\n";
    const buildArgs = { NAME: "given", EXTRA: "1" };
    const { stage, unused } = await folders.build(dockerfile, {}, { buildArgs });
    expect(stage.config.Env.slice(1)).to.deep.equal(["T=3.20", "N=given", "O=other"]);
    expect(unused).to.deep.equal(["EXTRA"]);
  });

  it("knows the platform that it is built for", async () => {
    const arm = { platform: "linux/arm/v7" };
    expect(
      (await config("ARG TARGETARCH\nARG TARGETVARIANT\nENV P=$TARGETARCH/$TARGETVARIANT", arm)).Env.at(-1),
    ).to.equal("P=arm/v7");
  });

  it("copies files, folders and patterns to where docker would put them", async () => {
    const files = {
      "a.go": "a",
      "b.go": "b",
      "web/index.html": "i",
      "web/css/x.css": "x",
      ".git/config": "",
    };
    const stage = await image(
      "FROM scratch\nWORKDIR /srv\nCOPY *.go ./\nCOPY web /srv/site\nCOPY a.go /bin/one\nCOPY a.go /srv\nCOPY . /all/\n",
      files,
    );
    const paths = [...stage.files.values()].filter(({ kind }) => kind === "file").map(({ path }) => path);
    expect(paths.sort()).to.deep.equal([
      ...["all/a.go", "all/b.go", "all/web/css/x.css", "all/web/index.html", "bin/one"],
      ...["srv/a.go", "srv/b.go", "srv/site/css/x.css", "srv/site/index.html"],
    ]);
  });

  it("doesn't see what .dockerignore excludes", async () => {
    const files = {
      ".dockerignore": "*.md\n!KEEP.md\n**/tmp\n",
      "A.md": "",
      "KEEP.md": "",
      "x/tmp/f": "",
      "x/g": "",
    };
    const stage = await image("FROM scratch\nCOPY . /\n", files);
    const paths = [...stage.files.values()].filter(({ kind }) => kind === "file").map(({ path }) => path);
    expect(paths.sort()).to.deep.equal([".dockerignore", "KEEP.md", "x/g"]);
  });

  it("gets other results of commands for other sources", async () => {
    const dockerfile =
      "FROM golang AS build\nCOPY main.go .\nRUN go build -o /service\nFROM scratch\nCOPY --from=build /service /\n";
    const made = async (source: string) =>
      (await image(dockerfile, { "main.go": source })).files.get("service")?.content?.toString();
    expect(await made("one")).to.equal(await made("one"));
    expect(await made("one")).not.to.equal(await made("two"));
  });

  const refused: [string, string, RegExp][] = [
    ["that is empty", "# nothing\n", /^the Dockerfile cannot be empty$/],
    ["that begins without FROM", "RUN ls\n", /line 1: no build stage in current context$/],
    [
      "with an instruction that doesn't exist",
      "FROM alpine\nCOPPY a b\n",
      /line 2: unknown instruction: COPPY$/,
    ],
    ["with a flag that doesn't exist", "FROM alpine\nCOPY --form=x a b\n", /line 2: unknown flag: --form$/],
    ["with a name that no image has", "FROM Alpine:3\n", /"Alpine:3": invalid reference format$/],
    ["that copies what isn't there", "FROM alpine\nCOPY nothing /\n", /"\/nothing": not found$/],
    ["that copies from outside", "FROM alpine\nCOPY ../../etc/passwd /\n", /"\/etc\/passwd": not found$/],
    ["that copies to nowhere", "FROM alpine\nCOPY a\n", /requires at least two arguments/],
    ["that copies two files to one", "FROM alpine\nCOPY a b /c\n", /must be a directory and end with a \/$/],
    [
      "that copies from a stage that isn't there",
      "FROM scratch\nCOPY --from=biuld /a /\n",
      /pull access denied for biuld/,
    ],
    [
      "that copies from a stage what that doesn't have",
      "FROM scratch AS one\nFROM scratch\nCOPY --from=one /a /\n",
      /"\/a": not found$/,
    ],
    [
      "whose command fails",
      "FROM alpine\nRUN make && false\n",
      /did not complete successfully: exit code: 1$/,
    ],
    ["whose command exits", "FROM alpine\nRUN exit 7\n", /exit code: 7$/],
    [
      "whose JSON command fails",
      'FROM alpine\nRUN ["/bin/false"]\n',
      /process "\/bin\/false" did not complete/,
    ],
    ["whose script fails", "FROM alpine\nRUN <<EOF\necho\nexit 2\nEOF\n", /exit code: 2$/],
    [
      "that runs a command without a shell",
      "FROM scratch\nRUN ls\n",
      /stat \/bin\/sh: no such file or directory$/,
    ],
    ["with a text that doesn't end", "FROM alpine\nRUN <<EOF\necho\n", /unterminated heredoc EOF$/],
    ["with a port that is none", "FROM alpine\nEXPOSE http\n", /invalid containerPort: http$/],
  ];
  for (const [what, dockerfile, message] of refused) {
    it(`is refused ${what}`, async () => {
      const failure = await image(dockerfile, { a: "a", b: "b" }).then(
        () => undefined,
        (error: Error) => error.message,
      );
      expect(failure).to.match(message);
    });
  }

  it("may have commands whose failure doesn't count", async () => {
    for (const command of [
      "false || true",
      "if false; then exit 1; fi",
      "exit 0",
      "echo false",
      "false; true",
    ]) {
      expect((await image(`FROM alpine\nRUN ${command}\n`)).commands).to.deep.equal([`RUN ${command}`]);
    }
  });
});
