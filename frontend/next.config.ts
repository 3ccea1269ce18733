import type { NextConfig } from "next";

/** `npm run build` exports files for a bucket or for `cargo run`; the other build is for `next start`. */
const exported = process.env.STATIC_EXPORT === "1";

/** The API that `next dev` and `next start` pass `/api/*` on to. */
const api = process.env.API_URL ?? "http://localhost:9000";

const shared: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
};

const forExport: NextConfig = {
  ...shared,
  output: "export",
  // Pages are .tsx (.jsx only because webpack wants more than one). An export has no proxy: what is in front of it decides by src/lib/routes.ts, so proxy.ts is left out.
  pageExtensions: ["tsx", "jsx"],
};

const forServer: NextConfig = {
  ...shared,
  rewrites: () => Promise.resolve([{ source: "/api/:path*", destination: `${api}/api/:path*` }]),
};

export default exported ? forExport : forServer;
