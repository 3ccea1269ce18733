import type { NextConfig } from "next";

/** `npm run build` exports files for a bucket or for `cargo run`; the other build is for `next start`. */
const exported = process.env.STATIC_EXPORT === "1";

const shared: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
};

const forExport: NextConfig = {
  ...shared,
  output: "export",
  // Pages are .tsx (.jsx only because webpack wants more than one). An export has no proxy: what is in front of it decides
  // by src/lib/routes.ts, so proxy.ts is left out.
  pageExtensions: ["tsx", "jsx"],
};

const forServer: NextConfig = {
  ...shared,
  // The proxy sees the address as it was sent, as every other server that decides by the rules does.
  skipProxyUrlNormalize: true,
};

export default exported ? forExport : forServer;
