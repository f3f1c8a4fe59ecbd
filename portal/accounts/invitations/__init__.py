"""How staff come in: an administrator invites, the person sets a password and a second factor. No other way in."""
