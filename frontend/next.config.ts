import type { NextConfig } from "next";

/** `npm run build` exports files for a bucket or for `cargo run`; the other build is for `next start`. */
const exported = process.env.STATIC_EXPORT === "1";

const shared: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
};

interface WebpackConfiguration {
  optimization: { splitChunks: { cacheGroups: Record<string, object> } };
}

const forExport: NextConfig = {
  ...shared,
  output: "export",
  // Pages are .tsx (.jsx only because webpack wants more than one). An export has no proxy: what is in front of it decides
  // by src/lib/routes.ts, so proxy.ts is left out.
  pageExtensions: ["tsx", "jsx"],
  webpack: (config: WebpackConfiguration, { isServer }) => {
    if (!isServer) {
      // Every page asks who is there, first its layout and then itself: what that takes is once in a part of its own.
      config.optimization.splitChunks.cacheGroups.session = {
        test: /[\\/](node_modules[\\/](@?better-|nanostores|defu)|src[\\/](lib[\\/](auth|unreachable|page-about)|components[\\/]providers[\\/]auth-provider)\b)/,
        name: "session",
        chunks: "all",
        priority: 50,
        enforce: true,
      };
    }
    return config;
  },
};

const forServer: NextConfig = {
  ...shared,
  // The proxy sees the address as it was sent, as every other server that decides by the rules does.
  skipProxyUrlNormalize: true,
};

export default exported ? forExport : forServer;
