"""The second factor: an authenticator app or a passkey. Staff have one, always; others may."""
