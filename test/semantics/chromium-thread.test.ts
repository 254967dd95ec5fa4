/** The table in a `Thread` of a page of Chromium, which has attached to the page's memory; it has workers of its own as partners. */
// @timeout 600
import { testInChromium } from "./chromium.js";

await testInChromium("page-thread");
