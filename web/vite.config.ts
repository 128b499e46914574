import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const api = { target: "http://127.0.0.1:8420", changeOrigin: true };

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: "../dist/web",
    emptyOutDir: true,
    target: "es2024",
    // The Content-Security-Policy has no `data:`, and the preload polyfill is for browsers below the target.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Vega, which is fetched by the pages that draw with it alone, is one of 790 kB.
    chunkSizeWarningLimit: 900,
  },
  server: { proxy: { "/api": api, "/metrics": api } },
});
