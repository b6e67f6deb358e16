/**
 * Whether an image's platform is one of the wanted ones (pkg/options/options.go, WantsPlatform). `linux/arm64` also
 * takes `linux/arm64/v8`, not the other way round. A platform without `/` is a mistake, and nothing fits it.
 */
export function isWanted(platform: string, wanted: string[]): boolean {
  const withoutVariant = platform.split("/").slice(0, 2).join("/");
  return wanted.some((each) => each.includes("/") && (each === platform || each === withoutVariant));
}
