import { ToolError } from "./tool";

/** Operating system and processor in Go's words, which most publishers use in the names of their files. */
export interface Platform {
  os: "linux" | "darwin";
  arch: "amd64" | "arm64";
}

/** @throws ToolError where the tools are not published and can't be built. */
export function platformOf(os: string = process.platform, arch: string = process.arch): Platform {
  const platform = { os, arch: arch === "x64" ? "amd64" : arch };
  if ((platform.os === "linux" || platform.os === "darwin") && /^(amd64|arm64)$/.test(platform.arch)) {
    return platform as Platform;
  }
  throw new ToolError(
    `The sandbox runs on Linux and macOS, on x86-64 and arm64 processors; this is ${os} on ${arch}.` +
      (os === "win32" ? " On Windows use WSL 2." : ""),
  );
}
