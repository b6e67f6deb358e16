export { type Release, releases } from "./behaviour";
export { describeUpdater, type UpdaterOptions } from "./process";
