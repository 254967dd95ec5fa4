/** The table on a page of Chromium, whose thread never blocks. */
// @timeout 600
import { testInChromium } from "./chromium.js";

await testInChromium("page");
