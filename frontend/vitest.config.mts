import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  test: {
    include: ["tests/**/*.test.ts"],
    // Node's requests want absolute addresses.
    env: { NEXT_PUBLIC_API_URL: "http://localhost:3000" },
  },
});
