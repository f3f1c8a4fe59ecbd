"""How long one stays signed in, from which devices, and how one signs out everywhere."""
