// Stories of jest's project "plugin" declare their tokens with the plugin: one or two of a kind, or all.
if (process.env["TEST_HOST"] !== "plugin") process.env["TEST_SELECTION"] = "one of a kind";
process.env["TEST_HOST"] = "plugin";
