import { config } from "chai";

/** What an engine printed is too long for chai's sentences, and is what a reader of a failed CI run needs. */
config.truncateThreshold = 0;
