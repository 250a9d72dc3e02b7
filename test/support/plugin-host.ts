// Stories of jest's project "plugin" declare their tokens with the plugin.
process.env["TEST_HOST"] = "plugin";
