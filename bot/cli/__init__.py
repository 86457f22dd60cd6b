"""The command line: options, commands, JSON output, and the engine they run on."""
