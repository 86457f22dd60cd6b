"""The connection to Discord: gateway, requests, intake of events, response deadlines."""
