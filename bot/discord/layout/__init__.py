"""What a message looks like, within what Discord takes."""
