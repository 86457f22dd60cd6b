"""The wire to Discord: staying connected, what is read from it, and until when it is answered."""
