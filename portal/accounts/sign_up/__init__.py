"""How people of employers come in: by themselves, with an address that they confirm. No role comes with it."""
